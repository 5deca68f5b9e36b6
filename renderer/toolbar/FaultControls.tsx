import { Button, Tooltip } from '@mantine/core';
import { IconBolt, IconBoltOff } from '@tabler/icons-react';
import { perform, shortcutOf } from '../actions/registry.ts';
import { isOn } from '../faults/fault-actions.ts';
import { useT } from '../i18n/t.ts';
import { useRun } from '../stores/run.ts';

/** The way to put a fault on what is selected, and the one that takes all of them off at once. */
export function FaultControls() {
  const t = useT();
  // What starts or stops can have faults on it too.
  const active = useRun(({ frame }) => frame != null && frame.topology !== 'stopped');
  const running = useRun(({ frame }) => frame?.topology === 'running');
  const faults = useRun(({ frame }) => frame?.faults.filter(isOn).length ?? 0);
  return (
    <>
      {running && (
        <Tooltip
          label={t('Inject a fault into what is selected, or into everything ({{shortcut}})', {
            shortcut: shortcutOf('faults'),
          })}
        >
          <Button
            size="sm"
            variant="default"
            leftSection={<IconBolt size={16} />}
            aria-label={t('Inject a fault')}
            onClick={() => perform('faults')}
          >
            {t('Fault')}
          </Button>
        </Tooltip>
      )}
      {(active || faults > 0) && (
        <Tooltip
          label={
            faults > 0
              ? t('Everything that is on comes off at once ({{shortcut}})', {
                  shortcut: shortcutOf('take-off-all'),
                })
              : t('No fault is on. If one is, this takes all off at once ({{shortcut}})', {
                  shortcut: shortcutOf('take-off-all'),
                })
          }
        >
          <Button
            size="sm"
            color="orange"
            variant={faults > 0 ? 'filled' : 'default'}
            px={faults > 0 ? undefined : 'xs'}
            leftSection={faults > 0 ? <IconBoltOff size={16} /> : undefined}
            data-on={faults}
            onClick={() => perform('take-off-all')}
            aria-label={t('Take off all faults')}
          >
            {faults > 0 ? t('Take off all faults ({{count}})', { count: faults }) : <IconBoltOff size={16} />}
          </Button>
        </Tooltip>
      )}
    </>
  );
}
