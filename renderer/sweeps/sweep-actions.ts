import { notifications } from '@mantine/notifications';
import type { SweepRequest } from '../../engine/api/engine.ts';
import { vouchForEdits } from '../documents/trust-actions.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { runnableDocument } from '../running/run-actions.ts';
import { useFile } from '../stores/file.ts';
import { frameNow, runningSweep, useRun } from '../stores/run.ts';
import { showError } from '../stores/session.ts';

type Swept = Extract<SweepRequest, { type: 'repeat' }>;

/**
 * Starts a sweep, a repetition or a comparison of what is on the canvas as a job, with a topology of its own. `request` makes of the
 * document what is to be measured. Resolves to whether it began, or waits for its turn.
 */
export async function startSweep(
  request: (swept: Pick<Swept, 'document' | 'directory'>) => SweepRequest,
): Promise<boolean> {
  if (useRun.getState().busy) return false;
  const document = runnableDocument();
  if (!document) return false;
  useRun.setState({ busy: 'starting' });
  try {
    await vouchForEdits(document);
    // One that measures is not disturbed: the next one waits for its turn.
    if (!runningSweep(frameNow()) && frameNow()?.topology === 'running') await engine.topology.stop.mutate();
    const { notKept } = await engine.jobs.start.mutate(request({ document, directory: useFile.getState().directory }));
    if (notKept !== null)
      notifications.show({
        color: 'yellow',
        title: t('If this is interrupted, it cannot be resumed'),
        message: said(notKept),
      });
    return true;
  } catch (error) {
    showError(t('It was not started'), shownError(error));
    return false;
  } finally {
    useRun.setState({ busy: null });
  }
}

/** Keeps what is known of the sweep that runs, or ran last, as new as its steps. Returns how to stop. */
export function followSweep(): () => void {
  let seen = '';
  return useRun.subscribe(({ frame }) => {
    const sweep = frame?.sweep;
    if (!sweep) return;
    const now = `${sweep.startedAtMs} ${sweep.state} ${sweep.stepsDone}`;
    if (now === seen) return;
    seen = now;
    engine.sweeps.last.query().then(
      (lastSweep) => useRun.setState({ lastSweep }),
      () => {
        seen = '';
      },
    );
  });
}
