import { create } from 'zustand';
import type { EngineFrame, ExperimentResult, HostInfo, RunResult } from '../../engine/api/types.ts';

interface RunState {
  /** The newest live picture; null until the engine sent one. */
  frame: EngineFrame | null;
  host: HostInfo | null;
  /** A call that takes a while and that the toolbar waits for. */
  busy: null | 'starting' | 'stopping';
  lastRun: RunResult | null;
  lastExperiment: ExperimentResult | null;
}

export const useRun = create<RunState>()(() => ({
  frame: null,
  host: null,
  busy: null,
  lastRun: null,
  lastExperiment: null,
}));

export const frameNow = (): EngineFrame | null => useRun.getState().frame;
