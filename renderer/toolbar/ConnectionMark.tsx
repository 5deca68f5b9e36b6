import { Button, Tooltip } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useConnection } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { fixed, inUnit } from '../i18n/number.ts';
import { useT } from '../i18n/t.ts';
import { useRun } from '../stores/run.ts';
import { restartEngine } from './restart-engine.ts';
import classes from './Toolbar.module.css';

const REFUSED_OFTEN = 6;

/** Whether the engine can be reached. Edits go on without it. */
export function ConnectionMark() {
  const t = useT();
  const { state, refused } = useConnection();
  const host = useRun((run) => run.host);
  const stuck = state === 'connecting' && refused >= REFUSED_OFTEN;
  const text =
    state === 'online'
      ? t('Engine ready')
      : stuck
        ? t('No engine')
        : state === 'silent'
          ? t('Engine does not answer…')
          : state === 'reconnecting'
            ? t('Engine lost, reconnecting…')
            : t('Connecting…');
  const help =
    state === 'online'
      ? host &&
        t('{{count}} cores · {{memory}} · Node {{version}}', {
          count: host.cores,
          memory: inUnit(fixed(host.memoryBytes / 2 ** 30, 1), 'GiB'),
          version: host.versions.node,
        })
      : stuck && !desktop
        ? t(
            'The engine does not answer, or refuses this address. Open the address that "archipel web" printed, with its token.',
          )
        : state === 'silent'
          ? desktop
            ? t(
                'It is stopped, or too busy to answer. Your edits are kept and can go on; all comes back once it answers, or start it again.',
              )
            : t(
                'It is stopped, or too busy to answer. Your edits are kept and can go on; all comes back once it answers. If it never does, end "archipel web" in its terminal and start it again.',
              )
          : t('The engine is being reached. Your edits are kept and can go on.');
  return (
    <>
      <Tooltip label={help} disabled={!help} multiline maw={360}>
        <span className={classes.status} data-state={state} role="status" data-testid="connection">
          {state === 'online' ? (
            <IconPlugConnected size={15} aria-hidden />
          ) : (
            <IconPlugConnectedX size={15} aria-hidden />
          )}
          {text}
        </span>
      </Tooltip>
      {state === 'silent' && desktop && (
        <Button size="compact-xs" variant="light" color="orange" onClick={restartEngine}>
          {t('Start the engine again')}
        </Button>
      )}
    </>
  );
}
