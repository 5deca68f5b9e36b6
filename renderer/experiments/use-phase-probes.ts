import { create } from 'zustand';
import type { ProbeResult } from '../../engine/api/types.ts';
import { useRun } from '../stores/run.ts';

interface Known {
  startedAtMs: number | null;
  /** By the phase of the probe. */
  probes: Partial<Record<ProbeResult['phase'], readonly ProbeResult[]>>;
}

/** How the probes of each phase stood when it was last seen: a frame holds those of its own phase only. */
export const usePhaseProbes = create<Known>()(() => ({ startedAtMs: null, probes: {} }));

/** Writes them down as frames come. Returns how to stop. */
export function followPhases(): () => void {
  return useRun.subscribe(({ frame }) => {
    const experiment = frame?.experiment;
    if (!experiment) return;
    const { startedAtMs, probes } = usePhaseProbes.getState();
    const known = startedAtMs === experiment.startedAtMs ? { ...probes } : {};
    for (const phase of new Set(experiment.probes.map((probe) => probe.phase)))
      known[phase] = experiment.probes.filter((probe) => probe.phase === phase);
    usePhaseProbes.setState({ startedAtMs: experiment.startedAtMs, probes: known });
  });
}
