const RETRY_MS = 15;
/** One look at a process takes at most this, so that one that does not answer is asked again. */
const LOOK_MS = 1_000;

/** The time within which a process must become ready. */
export interface Deadline {
  /** Rejects when time is up before the promise settles. */
  orHangs<T>(promise: Promise<T>): Promise<T>;
  /** Looks again and again. Throws what `mustLive` throws between two looks, and when time is up. */
  untilHealthy(healthy: (timeoutMs: number) => Promise<boolean>, mustLive: () => void): Promise<void>;
}

/**
 * With a least number of looks it is not over before these: on a machine that is busy each of them takes long, and where
 * nobody listens they take no time.
 */
export function createDeadline(withinMs: number, leastLooks = 0): Deadline {
  const fromMs = Date.now();
  const untilMs = fromMs + withinMs;
  const leftMs = (): number => Math.max(1, untilMs - Date.now());
  return {
    async orHangs(promise) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('it hangs: no port was opened in time')), leftMs());
      });
      try {
        return await Promise.race([promise, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    async untilHealthy(healthy, mustLive) {
      for (let looks = 1; ; looks += 1) {
        if (await healthy(looks <= leastLooks ? LOOK_MS : Math.min(LOOK_MS, leftMs()))) return;
        mustLive();
        if (looks >= leastLooks && Date.now() > untilMs) {
          const tookMs = Math.max(withinMs, Math.floor((Date.now() - fromMs) / LOOK_MS) * LOOK_MS);
          throw new Error(`no answer to its health check within ${tookMs} ms`);
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
  };
}

/** Whether the promise settles in time. */
export async function within(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  const settled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}
