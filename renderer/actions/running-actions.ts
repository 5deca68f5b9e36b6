import { useConnection } from '../engine-client/client.ts';
import { scopeOf } from '../faults/scope.ts';
import { takeOffAllAndSay } from '../faults/TakenOff.tsx';
import { run, runExperiment, stop } from '../running/run-actions.ts';
import { useDocument } from '../stores/document.ts';
import { isReplaying } from '../stores/replay.ts';
import { frameNow, runningSweep, useRun } from '../stores/run.ts';
import { openFaults, useSession } from '../stores/session.ts';
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
  useConnection.getState().state === 'online' ? null : 'The engine is not connected yet; it is tried again by itself.';

function whyNoRun(): string | null {
  const frame = frameNow();
  if (isReplaying()) return 'A recorded run is shown; leave it first.';
  if (whyOffline() !== null) return whyOffline();
  if (useRun.getState().busy !== null) return 'Something is just starting or stopping.';
  if (useDocument.getState().document.nodes.length === 0) return 'There is nothing on the canvas.';
  if (frame?.topology === 'running' && frame.traffic?.state !== 'done' && frame.traffic != null)
    return 'It runs already; stop it first.';
  if (frame?.experiment != null && frame.experiment.phase !== 'done') return 'An experiment is running; stop it first.';
  return runningSweep(frame) ? 'A sweep is running; stop it first.' : null;
}

export const runningActions: readonly Action[] = [
  {
    id: 'run',
    family: 'Run',
    title: 'Run',
    keywords: 'start traffic',
    keys: ['Mod+Enter'],
    disabled: whyNoRun,
    run: () => void run(),
  },
  {
    id: 'stop',
    family: 'Run',
    title: 'Stop',
    keywords: 'end',
    keys: ['Mod+Shift+Enter'],
    disabled: () => (isActive() ? null : 'Nothing runs.'),
    run: () => void stop(),
  },
  {
    id: 'faults',
    family: 'Run',
    title: 'Inject a fault…',
    keywords: 'kill latency partition chaos',
    keys: ['Mod+I'],
    run: () => {
      const { selectedNodes, selectedEdges } = useSession.getState();
      openFaults(scopeOf({ nodes: selectedNodes, edges: selectedEdges }));
    },
  },
  {
    id: 'take-off-all',
    family: 'Run',
    title: 'Take off all faults',
    keywords: 'remove clear',
    keys: ['Mod+.'],
    run: () => void takeOffAllAndSay(),
  },
];

/** One for each experiment of the document. */
export const experimentActions = (): readonly Action[] =>
  useDocument.getState().document.experiments.map(({ name, title }) => ({
    id: `experiment-${name}`,
    family: 'Run',
    title: `Run experiment: ${title}`,
    keywords: name,
    disabled: whyNoRun,
    run: () => void runExperiment(name),
  }));
