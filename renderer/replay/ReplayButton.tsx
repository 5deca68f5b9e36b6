import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { OpenedRecord } from '../../engine/records/record.ts';
import { shownError } from '../engine-client/errors.ts';
import { useRun } from '../stores/run.ts';
import { showError } from '../stores/session.ts';
import { canReplay, startReplay } from './player.ts';

/** Shows a recorded run on the canvas again. */
export function ReplayButton({ record }: { record: OpenedRecord }) {
  const running = useRun(({ frame }) => frame !== null && frame.topology !== 'stopped');
  const why = running
    ? 'Something runs. Stop it first: the past is never shown beside what is live.'
    : canReplay(record)
      ? null
      : 'No sample was recorded: the run was shorter than a second, or cut off before.';
  return (
    <Button
      size="compact-xs"
      variant="light"
      leftSection={<IconHistory size={13} />}
      disabled={why !== null}
      title={why ?? 'Shows the canvas and the figures as they were, second by second'}
      onClick={() =>
        startReplay(record).catch((error: unknown) => showError('The run cannot be replayed', shownError(error)))
      }
    >
      Replay on the canvas
    </Button>
  );
}
