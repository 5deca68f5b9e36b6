/** A picture that was taken at a time. */
interface Timed {
  atMs: number;
}

/** Plays pictures as they come, later and slower, or one by one. Its clock is passed in. */
export interface Playback<Picture extends Timed> {
  /** A new picture from the engine. What is to be shown now, or null when nothing changes. */
  push(picture: Picture): Picture | null;
  /** So much time went by for the person who looks. What is to be shown now, or null. */
  advance(elapsedMs: number): Picture | null;
  /** The next picture while it is paused; null when there is none yet. */
  step(): Picture | null;
  /** Goes on at a speed; at 1 it is live again. What is to be shown now, or null. */
  play(speed: number): Picture | null;
  pause(): void;
  /** Forgets all pictures and is live. */
  reset(): void;
  /** How old what is shown is, compared with the newest picture. */
  behindMs(): number;
  /** 0 while it is paused. */
  speed(): number;
}

/** Pictures beyond this are dropped, oldest first: a pause of an hour holds no hour of memory. */
const KEPT_MS = 60_000;

export function createPlayback<Picture extends Timed>(): Playback<Picture> {
  let waiting: Picture[] = [];
  let shown: Picture | null = null;
  let speed = 1;
  let cursorMs = 0;

  const show = (picture: Picture | null): Picture | null => {
    if (picture) shown = picture;
    return picture;
  };
  const newest = (): Picture | null => waiting.at(-1) ?? shown;

  return {
    push(picture) {
      if (speed === 1) return show(picture);
      waiting.push(picture);
      const oldestMs = picture.atMs - KEPT_MS;
      if ((waiting[0]?.atMs ?? oldestMs) < oldestMs) {
        waiting = waiting.filter(({ atMs }) => atMs >= oldestMs);
        cursorMs = Math.max(cursorMs, oldestMs);
      }
      // The first picture of all is shown even while it is paused.
      return shown ? null : show(waiting.shift() ?? null);
    },
    advance(elapsedMs) {
      if (speed === 0 || speed === 1) return null;
      cursorMs = Math.min(cursorMs + elapsedMs * speed, newest()?.atMs ?? cursorMs);
      let due: Picture | null = null;
      while (waiting[0] && waiting[0].atMs <= cursorMs) due = waiting.shift() ?? null;
      return show(due);
    },
    step() {
      const next = show(waiting.shift() ?? null);
      if (next) cursorMs = next.atMs;
      return next;
    },
    play(next) {
      if (speed === 1) cursorMs = shown?.atMs ?? 0;
      speed = next;
      if (next !== 1) return null;
      const live = waiting.at(-1) ?? null;
      waiting = [];
      return show(live);
    },
    pause() {
      if (speed === 1) cursorMs = shown?.atMs ?? 0;
      speed = 0;
    },
    reset() {
      waiting = [];
      shown = null;
      speed = 1;
    },
    behindMs: () => (shown ? (newest()?.atMs ?? 0) - shown.atMs : 0),
    speed: () => speed,
  };
}
