import { create } from 'zustand';
import type { EngineFrame } from '../../engine/api/types.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import type { RunState } from './run.ts';

/** Something that happened in a recorded run, for the scrub bar. */
export interface ReplayMark {
  type: 'fault' | 'scale' | 'deploy' | 'death';
  label: string;
  fromMs: number;
  /** Later than `fromMs` for what lasted. */
  toMs: number;
}

/** A recorded run, ready to be shown again. */
export interface Replay {
  id: string;
  name: string;
  startedAtMs: number;
  /** What ran, in the form in which the document store holds it. */
  shown: { document: ArchipelDocument; edited: null };
  /** One for each sample, the oldest first; there is at least one. */
  frames: readonly EngineFrame[];
  marks: readonly ReplayMark[];
}

interface ReplayState {
  /** Null: what is shown is live. */
  replay: Replay | null;
  /** Where it is, in the time of the run. */
  atMs: number;
  playing: boolean;
  speed: number;
}

export const useReplay = create<ReplayState>()(() => ({ replay: null, atMs: 0, playing: false, speed: 1 }));

export const isReplaying = (): boolean => useReplay.getState().replay !== null;

export const useReplaying = (): boolean => useReplay(({ replay }) => replay !== null);

/** What the engine told while the past is shown; it is shown again afterwards. */
let live: Partial<RunState> = {};

export function keepLive(told: Partial<RunState>): void {
  live = { ...live, ...told };
}

export function takeLive(): Partial<RunState> {
  const kept = live;
  live = {};
  return kept;
}
