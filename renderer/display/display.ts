import { create } from 'zustand';
import type { EngineFrame } from '../../engine/api/types.ts';
import { recordEdges } from '../metrics/edge-rates.ts';
import { useRun } from '../stores/run.ts';
import { createPlayback } from './playback.ts';

/** Shares of the real speed that the display can go at. */
export const speeds = [1, 0.5, 0.25, 0.1] as const;
export type Speed = (typeof speeds)[number];

interface DisplayState {
  /** What the canvas shows: the newest frame, or an older one while the display is paused or slow. */
  frame: EngineFrame | null;
  paused: boolean;
  speed: Speed;
}

/** What the canvas shows. The engine goes on at its own pace whatever is shown. */
export const useDisplay = create<DisplayState>()(() => ({ frame: useRun.getState().frame, paused: false, speed: 1 }));

export const shownFrame = (): EngineFrame | null => useDisplay.getState().frame;

const playback = createPlayback<EngineFrame>();

/** How old the picture is. */
export const behindMs = (): number => playback.behindMs();

/** A clock for what moves: it stands still with the picture, and is as slow as it. */
let clockMs = 0;
let advancedAtMs = 0;
export const displayNowMs = (): number => clockMs;

/** Once for each drawn frame of the window: time goes by for the display. */
export function advanceDisplay(nowMs: number): number {
  // A window that was hidden does not catch up.
  const elapsedMs = Math.min(250, Math.max(0, nowMs - advancedAtMs));
  advancedAtMs = nowMs;
  clockMs += elapsedMs * playback.speed();
  show(playback.advance(elapsedMs));
  return clockMs;
}

function show(frame: EngineFrame | null): void {
  if (!frame) return;
  recordEdges(frame);
  useDisplay.setState({ frame });
}

useRun.subscribe(({ frame }, before) => {
  if (frame === before.frame) return;
  const begins = frame?.topology === 'starting' && before.frame?.topology === 'stopped';
  if (!frame || begins) {
    playback.reset();
    useDisplay.setState({ paused: false, speed: 1, ...(frame ? {} : { frame: null }) });
  }
  if (frame) show(playback.push(frame));
});

export function togglePause(): void {
  const { paused, speed } = useDisplay.getState();
  if (paused) show(playback.play(speed));
  else playback.pause();
  useDisplay.setState({ paused: !paused });
}

/** Shows the next picture, and lets what moves go on for as long as that took. Pauses first if need be. */
export function stepDisplay(): void {
  if (!useDisplay.getState().paused) togglePause();
  const before = shownFrame();
  const next = playback.step();
  if (!next) return;
  clockMs += Math.min(1000, next.atMs - (before?.atMs ?? next.atMs));
  show(next);
}

export function setSpeed(speed: Speed): void {
  useDisplay.setState({ speed });
  if (!useDisplay.getState().paused) show(playback.play(speed));
}

export function changeSpeed(direction: 'slower' | 'faster'): void {
  const place = speeds.indexOf(useDisplay.getState().speed) + (direction === 'slower' ? 1 : -1);
  const speed = speeds[place];
  if (speed !== undefined) setSpeed(speed);
}
