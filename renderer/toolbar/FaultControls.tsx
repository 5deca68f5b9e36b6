import { Button, Tooltip } from '@mantine/core';
import { IconBolt, IconBoltOff } from '@tabler/icons-react';
import { isOn } from '../faults/fault-actions.ts';
import { useRun } from '../stores/run.ts';
import { commands, shortcuts } from './commands.ts';

/** The way to put a fault on what is selected, and, while any is on, the one that takes all of them off at once. */
export function FaultControls() {
  const running = useRun(({ frame }) => frame?.topology === 'running');
  const faults = useRun(({ frame }) => frame?.faults.filter(isOn).length ?? 0);
  return (
    <>
      {running && (
        <Tooltip label={`Inject a fault into what is selected, or into everything (${shortcuts.faults})`}>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconBolt size={16} />}
            aria-label="Inject a fault"
            onClick={commands.faults}
          >
            Fault
          </Button>
        </Tooltip>
      )}
      {faults > 0 && (
        <Tooltip label={`Everything that is on comes off at once (${shortcuts['take-off-all']})`}>
          <Button
            size="sm"
            color="orange"
            leftSection={<IconBoltOff size={16} />}
            onClick={commands['take-off-all']}
            aria-label="Clear all faults"
          >
            Take off all faults ({faults})
          </Button>
        </Tooltip>
      )}
    </>
  );
}
