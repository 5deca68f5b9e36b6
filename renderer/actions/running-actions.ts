import { useConnection } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { scopeOf } from '../faults/scope.ts';
import { takeOffAllAndSay } from '../faults/TakenOff.tsx';
import { key, t } from '../i18n/t.ts';
import { run, runExperiment, stop } from '../running/run-actions.ts';
import { useDocument } from '../stores/document.ts';
import { isReplaying } from '../stores/replay.ts';
import { frameNow, runningSweep, useRun } from '../stores/run.ts';
import { openFaults, useSession } from '../stores/session.ts';
import { restartEngine } from '../toolbar/restart-engine.ts';
import type { Action } from './action.ts';

const isActive = (): boolean => {
  const frame = frameNow();
  return (
    (frame?.topology ?? 'stopped') !== 'stopped' ||
    runningSweep(frame) !== null ||
    (frame?.experiment != null && frame.experiment.phase !== 'done')
  );
};

const whyOffline = (): string | null =>
  useConnection.getState().state === 'online'
    ? null
    : t('The engine is not connected yet; it is tried again by itself.');

export function whyNoRun(): string | null {
  const frame = frameNow();
  if (isReplaying()) return t('A recorded run is shown; leave it first.');
  if (whyOffline() !== null) return whyOffline();
  if (useRun.getState().busy !== null) return t('Something is just starting or stopping.');
  if (useDocument.getState().document.nodes.length === 0) return t('There is nothing on the canvas.');
  if (frame?.topology === 'running' && frame.traffic?.state !== 'done' && frame.traffic != null)
    return t('It runs already; stop it first.');
  if (frame?.experiment != null && frame.experiment.phase !== 'done')
    return t('An experiment is running; stop it first.');
  return runningSweep(frame) ? t('A sweep is running; stop it first.') : null;
}

export const runningActions: readonly Action[] = [
  {
    id: 'run',
    family: 'Run',
    title: key('Run'),
    keywords: key('start traffic'),
    keys: ['Mod+Enter'],
    disabled: whyNoRun,
    run: () => void run(),
  },
  {
    id: 'stop',
    family: 'Run',
    title: key('Stop'),
    keywords: key('end'),
    keys: ['Mod+Shift+Enter'],
    disabled: () => (isActive() ? null : t('Nothing runs.')),
    run: () => void stop(),
  },
  {
    id: 'faults',
    family: 'Run',
    title: key('Inject a fault…'),
    keywords: key('kill latency partition chaos'),
    keys: ['Mod+I'],
    disabled: () => (isReplaying() ? t('A recorded run is shown; leave it first.') : null),
    run: () => {
      const { selectedNodes, selectedEdges } = useSession.getState();
      openFaults(scopeOf({ nodes: selectedNodes, edges: selectedEdges }));
    },
  },
  {
    id: 'take-off-all',
    family: 'Run',
    title: key('Take off all faults'),
    keywords: key('remove clear'),
    keys: ['Mod+.'],
    run: () => void takeOffAllAndSay(),
  },
  {
    id: 'restart-engine',
    family: 'Run',
    title: key('Start the engine again'),
    keywords: key('restart frozen silent hangs'),
    disabled: () =>
      desktop
        ? useConnection.getState().state === 'online'
          ? t('It answers.')
          : null
        : t('End "archipel web" in its terminal and start it again.'),
    run: restartEngine,
  },
];

/** One for each experiment of the document. */
export const experimentActions = (): readonly Action[] =>
  useDocument.getState().document.experiments.map(({ name, title }) => ({
    id: `experiment-${name}`,
    family: 'Run',
    title: key('Run experiment: {{title}}'),
    values: () => ({ title }),
    keywords: name,
    disabled: whyNoRun,
    run: () => void runExperiment(name),
  }));
