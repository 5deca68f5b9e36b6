import type { Experiment } from '../../engine/model/experiment.ts';
import { useRun } from '../stores/run.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import type { Layout } from './timeline/layout.ts';
import { finishedRun, liveRun, type RunOnTimeline } from './timeline/run-on-timeline.ts';
import { usePhaseProbes } from './use-phase-probes.ts';

/** The run of the experiment that goes on now, else the last one; null when there was none. */
export function useRunOnTimeline({ name }: Experiment, layout: Layout): RunOnTimeline | null {
  const frame = useFrameEvery(100);
  const seen = usePhaseProbes((state) => state.probes);
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const status = frame?.experiment;
  if (frame && status?.name === name && status.phase !== 'done')
    return liveRun(layout, status, Object.values(seen).flat(), frame.atMs);
  return last?.experiment.name === name ? finishedRun(last) : null;
}
