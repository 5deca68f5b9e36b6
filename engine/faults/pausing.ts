import type { Clock } from './clock.ts';

/** Resolves after the time, or as soon as the signal ends. */
export function pause(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || durationMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(durationMs, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
