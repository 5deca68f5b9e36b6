import { create } from 'zustand';
import type {
  EngineFrame,
  ExperimentResult,
  HostInfo,
  RunResult,
  SweepResult,
  SweepStatus,
} from '../../engine/api/types.ts';

export interface RunState {
  /** The newest live picture; null until the engine sent one. */
  frame: EngineFrame | null;
  host: HostInfo | null;
  /** A call that takes a while and that the toolbar waits for. */
  busy: null | 'starting' | 'stopping';
  lastRun: RunResult | null;
  lastExperiment: ExperimentResult | null;
  /** Of a sweep that runs, what is known so far. */
  lastSweep: SweepResult | null;
}

export const useRun = create<RunState>()(() => ({
  frame: null,
  host: null,
  busy: null,
  lastRun: null,
  lastExperiment: null,
  lastSweep: null,
}));

export const frameNow = (): EngineFrame | null => useRun.getState().frame;

/** A picture may come this much after the engine has done what it was asked. */
const PICTURE_WITHIN_MS = 3000;

/** Resolves once the newest picture says so, or there is none any more: an answer to a call comes before the picture of what it did. */
export function pictured(holds: (frame: EngineFrame) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(deadline);
      unsubscribe();
      resolve();
    };
    const look = ({ frame }: RunState): void => {
      if (!frame || holds(frame)) end();
    };
    const deadline = setTimeout(end, PICTURE_WITHIN_MS);
    const unsubscribe = useRun.subscribe(look);
    look(useRun.getState());
  });
}

/** The sweep that runs now, or null. Topology, traffic and experiments are its own meanwhile. */
export const runningSweep = (frame: EngineFrame | null): SweepStatus | null =>
  frame?.sweep?.state === 'running' ? frame.sweep : null;
