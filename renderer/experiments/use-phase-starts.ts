import { create } from 'zustand';
import { useRun } from '../stores/run.ts';
import type { PhaseStart } from './timeline/run-on-timeline.ts';

/** When each phase of the experiment that runs began, as the frames told it. */
export const usePhaseStarts = create<{ startedAtMs: number | null; starts: readonly PhaseStart[] }>()(() => ({
  startedAtMs: null,
  starts: [],
}));

/** Writes them down as frames come. Returns how to stop. */
export function followPhases(): () => void {
  return useRun.subscribe(({ frame }) => {
    const experiment = frame?.experiment;
    if (!frame || !experiment) return;
    const { startedAtMs, starts } = usePhaseStarts.getState();
    const isNew = startedAtMs !== experiment.startedAtMs;
    if (!isNew && starts.at(-1)?.phase === experiment.phase) return;
    const start = { phase: experiment.phase, atMs: frame.atMs };
    usePhaseStarts.setState({ startedAtMs: experiment.startedAtMs, starts: isNew ? [start] : [...starts, start] });
  });
}
