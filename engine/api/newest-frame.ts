/** Hands the newest value to every reader, at most one in each interval; a slow reader skips what it missed. */
export interface Newest<T> {
  /** Says that there is something new. */
  changed(): void;
  read(signal: AbortSignal): AsyncGenerator<T>;
}

export function createNewest<T>(take: () => T, intervalMs: number): Newest<T> {
  let version = 0;
  const waiting = new Set<() => void>();

  return {
    changed() {
      version += 1;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    async *read(signal) {
      let seen = -1;
      while (!signal.aborted) {
        if (seen === version)
          await new Promise<void>((resolve) => {
            waiting.add(resolve);
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        if (signal.aborted) return;
        seen = version;
        yield take();
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, intervalMs);
          signal.addEventListener(
            'abort',
            () => {
              clearTimeout(timer);
              resolve();
            },
            { once: true },
          );
        });
      }
    },
  };
}
