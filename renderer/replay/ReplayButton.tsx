import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { OpenedRecord } from '../../engine/records/record.ts';
import { shownError } from '../engine-client/errors.ts';
import { useT } from '../i18n/t.ts';
import { useRun } from '../stores/run.ts';
import { showError } from '../stores/session.ts';
import { canReplay, startReplay } from './player.ts';

/** Shows a recorded run on the canvas again. */
export function ReplayButton({ record }: { record: OpenedRecord }) {
  const t = useT();
  const running = useRun(({ frame }) => frame !== null && frame.topology !== 'stopped');
  const why = running
    ? t('Something runs. Stop it first: the past is never shown beside what is live.')
    : canReplay(record)
      ? null
      : t('No sample was recorded: the run was shorter than a second, or cut off before.');
  return (
    <Button
      size="compact-xs"
      variant="light"
      leftSection={<IconHistory size={13} />}
      disabled={why !== null}
      title={why ?? t('Shows the canvas and the figures as they were, second by second')}
      onClick={() =>
        startReplay(record).catch((error: unknown) => showError(t('The run cannot be replayed'), shownError(error)))
      }
    >
      {t('Replay on the canvas')}
    </Button>
  );
}
