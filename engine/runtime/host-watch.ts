/** Notices when this machine had no time for its own clockwork, or slept, so that figures of that time are not trusted. */
export interface HostWatch {
  /** Why figures of this time (epoch milliseconds) cannot be trusted, or null. */
  problem(range: { fromMs: number; toMs: number }): string | null;
  stop(): void;
}

const INTERVAL_MS = 50;
/** A timer this late means that the machine or this process stood still. */
const STALL_MS = 400;
/** Wall clock against monotonic clock. */
const JUMP_MS = 250;
const KEPT = 1000;

export function createHostWatch(): HostWatch {
  const incidents: { atMs: number; what: string }[] = [];
  let lastMs = performance.now();
  let offsetMs = Date.now() - lastMs;

  const note = (what: string): void => {
    incidents.push({ atMs: Date.now(), what });
    if (incidents.length > KEPT) incidents.shift();
  };

  const timer = setInterval(() => {
    const nowMs = performance.now();
    const lateMs = nowMs - lastMs - INTERVAL_MS;
    if (lateMs > STALL_MS) note(`the machine stood still for ${Math.round(lateMs)} ms`);
    const jumpMs = Date.now() - nowMs - offsetMs;
    if (Math.abs(jumpMs) > JUMP_MS) {
      note(`the clock of the machine jumped by ${Math.round(jumpMs)} ms`);
      offsetMs += jumpMs;
    }
    lastMs = nowMs;
  }, INTERVAL_MS);
  timer.unref();

  return {
    problem: ({ fromMs, toMs }) =>
      incidents.find(({ atMs }) => atMs >= fromMs && atMs <= toMs + STALL_MS)?.what ?? null,
    stop: () => clearInterval(timer),
  };
}
