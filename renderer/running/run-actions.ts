import { notifications } from '@mantine/notifications';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { vouchForEdits } from '../documents/trust-actions.ts';
import { engine } from '../engine-client/client.ts';
import { replayError, shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useFile } from '../stores/file.ts';
import { problemsOf } from '../stores/problems.ts';
import { isReplaying } from '../stores/replay.ts';
import { frameNow, pictured, runningSweep, useRun } from '../stores/run.ts';
import { offerBottom, showBottom, showError, useSession } from '../stores/session.ts';
import { isReadOnly } from '../stores/trust.ts';
import { markApplied } from './live-apply.ts';

/** The document when it can run; else its problems are shown and nothing starts. */
export function runnableDocument(): ArchipelDocument | null {
  const { document } = useDocument.getState();
  if (isReplaying()) {
    showError(t('Nothing was started'), shownError(replayError));
    return null;
  }
  if (isReadOnly()) {
    showError(t('Nothing was started'), {
      code: 'document-untrusted',
      message: t('The document holds code that you have not trusted.'),
      nextStep: t('Read it in the notice on the canvas, and trust the document if it may run on your machine.'),
      errors: [],
    });
    return null;
  }
  const problems = problemsOf(document);
  if (problems.length === 0) return document;
  showBottom('problems');
  notifications.show({
    color: 'red',
    title: t('Nothing was started'),
    message: t('The document has {{count}} problems. Each is listed below with its next step.', {
      count: problems.length,
    }),
  });
  return null;
}

export const chosenScenario = (document: ArchipelDocument, name: string | null) =>
  document.scenarios.find((scenario) => scenario.name === name) ?? document.scenarios[0] ?? null;

/** Starts what is on the canvas, then its traffic until Stop. */
export async function run(): Promise<void> {
  if (useRun.getState().busy) return;
  const document = runnableDocument();
  if (!document) return;
  useRun.setState({ busy: 'starting' });
  try {
    await vouchForEdits(document);
    if (frameNow()?.topology === 'running') await engine.topology.update.mutate({ document });
    else await engine.topology.start.mutate({ document, directory: useFile.getState().directory });
    markApplied(document);
    await pictured(({ topology }) => topology === 'running' || topology === 'stopping');
    const scenario = chosenScenario(document, useSession.getState().scenario);
    if (scenario) {
      await engine.traffic.start.mutate({ scenario, durationMs: null, directory: useFile.getState().directory });
      await pictured(({ traffic }) => traffic !== null);
      offerBottom('traffic');
    } else
      notifications.show({
        title: t('No traffic is sent'),
        message: t('The document has no scenario. Add one under "Traffic" when nothing is selected.'),
      });
  } catch (error) {
    const shown = shownError(error);
    // Who stopped it need not be told.
    if (shown.code !== 'stopped') showError(t('The run did not start'), shown);
  } finally {
    useRun.setState({ busy: null });
  }
}

/**
 * Ends the traffic and shows what it came to, then stops the processes. Also ends an experiment, undone, as aborted, and a
 * sweep, which keeps what it has measured.
 */
export async function stop(): Promise<void> {
  if (useRun.getState().busy === 'stopping') return;
  useRun.setState({ busy: 'stopping' });
  try {
    const frame = frameNow();
    if (runningSweep(frame)) {
      useRun.setState({ lastSweep: await engine.sweeps.stop.mutate() });
      return;
    }
    if (frame?.experiment && frame.experiment.phase !== 'done') {
      useRun.setState({ lastExperiment: await engine.experiments.stop.mutate() });
      showResults();
    } else if (frame?.traffic) {
      // Traffic whose client died is over already; its result counts all the same.
      const over = frame.traffic.state === 'done';
      useRun.setState({ lastRun: over ? await engine.traffic.last.query() : await engine.traffic.stop.mutate() });
      offerBottom('results');
    }
    if (frameNow()?.topology !== 'stopped') await engine.topology.stop.mutate();
    await pictured(({ topology }) => topology === 'stopped');
  } catch (error) {
    showError(t('Stopping met a problem'), shownError(error));
  } finally {
    useRun.setState({ busy: null });
  }
}

/**
 * Runs an experiment from start to verdict. The topology is started fresh for it and stopped after it. `made` gives the
 * document that is run, where the experiment does not stand in the one that is open.
 */
export async function runExperiment(
  name: string,
  made: (document: ArchipelDocument) => ArchipelDocument = (document) => document,
): Promise<void> {
  if (useRun.getState().busy) return;
  const document = runnableDocument();
  if (!document) return;
  useRun.setState({ busy: 'starting', lastExperiment: null });
  try {
    if (frameNow()?.topology === 'running') await engine.topology.stop.mutate();
    await vouchForEdits(document);
    await engine.experiments.start.mutate({ document: made(document), name, directory: useFile.getState().directory });
    markApplied(document);
    useRun.setState({ busy: null });
    showResults();
    useRun.setState({ lastExperiment: await engine.experiments.done.query() });
    showResults();
  } catch (error) {
    showError(t('The experiment gave no verdict'), shownError(error));
  } finally {
    useRun.setState({ busy: null });
  }
}

/** Who looks at the timeline sees the run and its verdict there. */
function showResults(): void {
  const { bottomOpen, bottomTab } = useSession.getState();
  if (!bottomOpen || bottomTab !== 'experiments') offerBottom('results');
}

export async function restartProcess(target: { node: string; replica: number }): Promise<void> {
  try {
    await engine.topology.restartProcess.mutate(target);
  } catch (error) {
    showError(t('The process was not restarted'), shownError(error));
  }
}
