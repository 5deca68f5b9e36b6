import { type Histogram, percentileMs } from '../metrics/histogram.ts';
import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { StartTraffic, TrafficFrame } from '../process-kit/protocol.ts';
import { type Spike, trafficHooks } from '../process-kit/traffic-hooks.ts';
import { trueNowMs } from '../process-kit/true-clock.ts';
import { createDrawing, type Draws } from './draws.ts';
import type { EdgePool } from './edge-pool.ts';
import type { Added, Ground } from './executors/executor.ts';
import { startExecutor } from './executors/index.ts';
import { createLedger } from './ledger.ts';
import { createRouteMessages, type RouteMessages } from './messages.ts';
import type { RecordedArrivals } from './recorded-arrivals.ts';
import { type User, type UserLife, VirtualUser } from './user.ts';

/** How late requests began, beside the latency that they met. */
export interface ArrivalLateness {
  arrivals: number;
  p50Ms: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
}

/** The traffic of one source, from its first request to its last frame. */
export interface Traffic {
  readonly id: string;
  inFlight(): number;
  /** Begins nothing more; what is in progress may still end for the graceful stop. */
  stop(): void;
  /** Resolves when it is over. */
  over: Promise<void>;
  /** What changed since the last call. */
  takeFrame(): TrafficFrame;
  lateness(): ArrivalLateness;
  /** Spikes came, went, or changed. */
  followSpikes(): void;
  /** Its requests as they began, where they were to be kept. */
  recorded(): RecordedArrivals;
}

/** The precise timer needs some 30 ms for its first job; the first arrival must not wait for it. */
const LEAD_MS = 100;

export function startTraffic(options: {
  start: StartTraffic;
  timer: PreciseTimer;
  /** By the id of the edge. */
  pool(edge: string): EdgePool;
  /** Name of the node at the end of an edge. */
  hostOf(edge: string): string;
  /** The outcome of each request along an edge, for the node's own numbers: the latency of a success, null for a failure. */
  onSettled(edge: string, latencyMs: number | null, answerMs?: number): void;
  onOver(): void;
}): Traffic {
  const { start, timer } = options;
  const { session, startTimeMs } = start;
  const zeroMs = performance.now() + LEAD_MS;
  const startedAtMs = epochOf(zeroMs);
  const ledger = createLedger({ ...options, zeroMs, onDecided: finishIfEmpty });
  const messages = start.routes.map((route, index) => createRouteMessages(route, index, options.hostOf(route.edge)));
  const iterations = { scheduled: 0, started: 0, completed: 0, interrupted: 0, dropped: 0, running: 0 };
  /** Those of `iterations` that users of a spike began. */
  const beside = { started: 0, running: 0 };
  const spikes = new Map<Spike, Added>();
  const thinking = new Set<VirtualUser>();
  let phase: 'running' | 'ending' | 'over' = 'running';
  let gracefulStop: NodeJS.Timeout | undefined;
  let resolveOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    resolveOver = resolve;
  });

  function begun(): void {
    iterations.scheduled += 1;
    iterations.started += 1;
    iterations.running += 1;
    trafficHooks.begun += 1;
  }

  function ended(how: 'completed' | 'interrupted'): void {
    iterations[how] += 1;
    iterations.running -= 1;
    // An interruption comes from a timer, not from the outcome of a request.
    if (how === 'interrupted') finishIfEmpty();
  }

  /** Whoever begins an iteration of one request: nothing follows it. */
  const passerBy: User = { settled: () => ended('completed') };

  const routeOf = (draws: Draws, step: number): number => (session.order === 'sequence' ? step : draws.route());
  const messagesOf = (route: number): RouteMessages => messages[route] as RouteMessages;

  const life: UserLife = {
    length: session.order === 'sequence' ? start.routes.length : session.requests,
    begun,
    ended,
    send(user, draws, step, intendedMs, nowMs) {
      const route = routeOf(draws, step);
      ledger.send(user, route, messagesOf(route).draw(draws), intendedMs - zeroMs, nowMs);
    },
    wait(user, untilMs, nowMs, then) {
      if (phase === 'over') return () => {};
      const wake = (): void => {
        thinking.delete(user);
        then(performance.now());
      };
      thinking.add(user);
      // Never within the same turn: the connection of the answer is not free yet, and a refusal may be immediate.
      const soon = untilMs <= nowMs ? setImmediate(wake) : null;
      const cancel = soon ? () => clearImmediate(soon) : timer.schedule(untilMs, wake);
      return () => {
        thinking.delete(user);
        cancel();
      };
    },
  };

  /** A user whom a spike brings: its iterations are counted with all, and apart from those of the plan. */
  const lifeBeside = (spike: Spike): UserLife => ({
    ...life,
    begun() {
      spike.added += 1;
      beside.started += 1;
      beside.running += 1;
      begun();
    },
    ended(how) {
      beside.running -= 1;
      ended(how);
    },
  });

  const ground: Ground = {
    timer,
    seed: start.seed,
    startMs: zeroMs + startTimeMs,
    durationMs: start.durationMs,
    length: life.length,
    drawing: createDrawing(start),
    running: () => iterations.running,
    planned: () => ({
      running: iterations.running - beside.running,
      started: iterations.started - beside.started,
    }),
    sendOne(draws, sinceMs, nowMs) {
      begun();
      const route = routeOf(draws, 0);
      ledger.send(passerBy, route, messagesOf(route).draw(draws), startTimeMs + sinceMs, nowMs);
    },
    sendRecorded({ route, path, bodyBytes }, sinceMs, nowMs) {
      begun();
      ledger.send(passerBy, route, messagesOf(route).exactly(path, bodyBytes), startTimeMs + sinceMs, nowMs);
    },
    createUser: (draws, next, spike) => new VirtualUser(spike ? lifeBeside(spike) : life, draws, next),
    dropOne(draws, sinceMs, nowMs) {
      ground.dropIterations(1);
      // It draws all the same: what a later arrival asks for does not depend on who was free.
      const route = routeOf(draws, 0);
      ledger.drop(route, messagesOf(route).draw(draws), startTimeMs + sinceMs, nowMs);
    },
    dropIterations(count) {
      iterations.scheduled += count;
      iterations.dropped += count;
    },
    end,
  };
  const executor = startExecutor(ground, start.plan);
  followSpikes();

  function followSpikes(): void {
    for (const [spike, added] of spikes) {
      if (trafficHooks.spikes.has(spike)) continue;
      added.stop();
      spikes.delete(spike);
    }
    if (phase !== 'running') return;
    for (const spike of trafficHooks.spikes) {
      const added = spikes.get(spike);
      if (added) added.change();
      else spikes.set(spike, executor.spike(spike));
    }
  }

  function end(): void {
    if (phase !== 'running') return;
    phase = 'ending';
    executor.stop();
    for (const added of spikes.values()) added.stop();
    spikes.clear();
    gracefulStop = setTimeout(finish, start.gracefulStopMs);
    finishIfEmpty();
  }

  function finishIfEmpty(): void {
    if (phase === 'ending' && iterations.running === 0 && ledger.isEmpty()) finish();
  }

  function finish(): void {
    if (phase === 'over') return;
    clearTimeout(gracefulStop);
    phase = 'over';
    for (const user of [...thinking]) user.interrupt();
    ledger.abandon();
    // Those whose request stays on its way for good.
    iterations.interrupted += iterations.running;
    iterations.running = 0;
    resolveOver();
    options.onOver();
  }

  /** Since the start: no request to come has an intended start before this. */
  function settledMs(): number {
    let earliestMs = Math.min(performance.now() - zeroMs, startTimeMs + executor.nextMs());
    for (const added of spikes.values()) earliestMs = Math.min(earliestMs, startTimeMs + added.nextMs());
    for (const { dueMs } of thinking) earliestMs = Math.min(earliestMs, dueMs - zeroMs);
    return earliestMs;
  }

  function vus(): number | null {
    const planned = executor.vus();
    if (planned === null) return null;
    return [...spikes.values()].reduce((sum, added) => sum + added.vus(), planned);
  }

  return {
    id: start.trafficId,
    inFlight: () => ledger.counts.inFlight,
    stop: end,
    over,
    takeFrame: () => ({
      trafficId: start.trafficId,
      startedAtMs,
      ...ledger.counts,
      iterations: { ...iterations },
      vus: vus(),
      done: phase === 'over',
      ...ledger.recorder.takeChanged(settledMs()),
    }),
    lateness: () => latenessOf(ledger.recorder.lateness()),
    recorded: () => ledger.recorded,
    followSpikes,
  };
}

const latenessOf = (lateness: Histogram): ArrivalLateness => ({
  arrivals: lateness.total,
  p50Ms: percentileMs(lateness, 50),
  p90Ms: percentileMs(lateness, 90),
  p99Ms: percentileMs(lateness, 99),
});

/** `performance.now()` stands still while the computer sleeps; then the whole milliseconds of the wall clock must do. */
function epochOf(performanceMs: number): number {
  const exactMs = performance.timeOrigin + performanceMs;
  const wallMs = trueNowMs() + performanceMs - performance.now();
  return Math.abs(exactMs - wallMs) < 2 ? exactMs : wallMs;
}
