import { createProcessorWatch } from './processor-watch.ts';

/** Notices when this machine had no time for its own clockwork, was busy all through, or slept, so that figures of that time are not trusted. */
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

/** Looks at the processors this often. */
const LOOK_MS = 250;
/** Above this share, what is measured is the queue for the processor. */
const MAX_BUSY = 0.97;

export function createHostWatch({
  maxBusy = maxBusyFrom(process.env),
  processors = createProcessorWatch(),
} = {}): HostWatch {
  let looks = 0;
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
    looks += 1;
    if (looks % (LOOK_MS / INTERVAL_MS) === 0) processors.look(Date.now());
  }, INTERVAL_MS);
  timer.unref();

  return {
    problem(range) {
      const { fromMs, toMs } = range;
      const incident = incidents.find(({ atMs }) => atMs >= fromMs && atMs <= toMs + STALL_MS);
      if (incident) return incident.what;
      const busy = processors.busy(range);
      if (busy === null || busy <= maxBusy) return null;
      return `its processors were in use for ${(busy * 100).toFixed(0)} % of the time, more than the ${(maxBusy * 100).toFixed(0)} % allowed`;
    },
    stop: () => clearInterval(timer),
  };
}

/** `ARCHIPEL_MAX_HOST_CPU`, a percentage: for machines that are shared, where a verdict is wanted all the same. */
function maxBusyFrom(env: NodeJS.ProcessEnv): number {
  const percent = Number.parseFloat(env.ARCHIPEL_MAX_HOST_CPU ?? '');
  return percent > 0 ? percent / 100 : MAX_BUSY;
}
