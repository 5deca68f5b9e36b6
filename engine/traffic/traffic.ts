import { type Histogram, percentileMs } from '../metrics/histogram.ts';
import type { TracedArrival } from '../model/executors/plan.ts';
import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { StartTraffic, TrafficFrame } from '../process-kit/protocol.ts';
import { tracer } from '../process-kit/tracing.ts';
import { createDrawing } from './draws.ts';
import type { EdgePool } from './edge-pool.ts';
import type { Ground } from './executors/executor.ts';
import { startExecutor } from './executors/index.ts';
import { createRouteMessages, type Message } from './messages.ts';
import { OpenRequest } from './open-request.ts';
import { createRecorder } from './recorder.ts';
import type { RequestObserver, TrafficRequest } from './request.ts';
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
  /** Its requests as they began, where they were to be kept. */
  recorded(): RecordedArrivals;
}

export interface RecordedArrivals {
  arrivals: TracedArrival[];
  /** Those that came after the last one that was kept. */
  leftOut: number;
}

/** The precise timer needs some 30 ms for its first job; the first arrival must not wait for it. */
const LEAD_MS = 100;
const MAX_RECORDED = 500_000;

export function startTraffic(options: {
  start: StartTraffic;
  timer: PreciseTimer;
  /** By the id of the edge. */
  pool(edge: string): EdgePool;
  /** Name of the node at the end of an edge. */
  hostOf(edge: string): string;
  /** The outcome of each request along an edge, for the node's own numbers: the latency of a success, null for a failure. */
  onSettled(edge: string, latencyMs: number | null): void;
  onOver(): void;
}): Traffic {
  const { start, timer, onSettled } = options;
  const { session } = start;
  const routes = start.routes.map((route, index) => ({
    edge: route.edge,
    messages: createRouteMessages(route, index, options.hostOf(route.edge)),
    pool: options.pool(route.edge),
  }));
  type Route = (typeof routes)[number];
  const pools = new Set(routes.map(({ pool }) => pool));
  const recorder = createRecorder({ routes: routes.length });
  const recorded: RecordedArrivals | null = start.recordArrivals ? { arrivals: [], leftOut: 0 } : null;
  // Counted one by one where each thing happens: that they add up is checked elsewhere, not made so here.
  const counts = { scheduled: 0, issued: 0, ok: 0, failed: 0, dropped: 0, inFlight: 0, waiting: 0 };
  const iterations = { scheduled: 0, started: 0, completed: 0, interrupted: 0, dropped: 0, running: 0 };
  const zeroMs = performance.now() + LEAD_MS;
  const startedAtMs = epochOf(zeroMs);
  const thinking = new Set<VirtualUser>();
  let phase: 'running' | 'ending' | 'over' = 'running';
  let gracefulStop: NodeJS.Timeout | undefined;
  let resolveOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    resolveOver = resolve;
  });

  function finishIfEmpty(): void {
    if (phase === 'ending' && counts.inFlight === 0 && counts.waiting === 0 && iterations.running === 0) finish();
  }

  function finish(): void {
    if (phase === 'over') return;
    clearTimeout(gracefulStop);
    phase = 'over';
    for (const user of [...thinking]) user.interrupt();
    for (const pool of pools) pool.abandon(observer);
    // Those whose request stays on its way for good.
    iterations.interrupted += iterations.running;
    iterations.running = 0;
    resolveOver();
    options.onOver();
  }

  const observer: RequestObserver = {
    queued() {
      counts.waiting += 1;
    },
    dequeued() {
      counts.waiting -= 1;
    },
    sent(request, nowMs) {
      counts.issued += 1;
      counts.inFlight += 1;
      const open = request as OpenRequest;
      open.sentMs = nowMs;
      recorder.issued(open.cell);
      const { method, path } = start.routes[open.cell.route] as StartTraffic['routes'][number];
      open.span = tracer.request({ method, target: open.path, route: path, startMs: open.intendedMs });
    },
    ok(request, nowMs) {
      const { cell, edge, user, intendedMs, sentMs } = request as OpenRequest;
      const latencyMs = nowMs - intendedMs;
      counts.ok += 1;
      counts.inFlight -= 1;
      recorder.ok(cell, latencyMs, nowMs - sentMs);
      tracer.end(request.span);
      onSettled(edge, latencyMs);
      user.settled(nowMs);
      finishIfEmpty();
    },
    failed(request, reason, hop) {
      const { cell, edge, user } = request as OpenRequest;
      counts.failed += 1;
      counts.inFlight -= 1;
      recorder.failed(cell, reason, hop);
      request.span?.fail(reason, hop);
      tracer.end(request.span);
      onSettled(edge, null);
      user.settled(performance.now());
      finishIfEmpty();
    },
    dropped(request: TrafficRequest) {
      const { cell, user } = request as OpenRequest;
      counts.dropped += 1;
      recorder.dropped(cell);
      user.settled(performance.now());
      finishIfEmpty();
    },
  };

  function send(user: User, routeIndex: number, message: Message, sinceMs: number, nowMs: number): void {
    const { pool, edge } = routes[routeIndex] as Route;
    const intendedMs = zeroMs + sinceMs;
    counts.scheduled += 1;
    if (recorded) keep(sinceMs, routeIndex, message);
    const cell = recorder.cellOf(sinceMs, routeIndex, nowMs - intendedMs);
    pool.submit(new OpenRequest(message, intendedMs, observer, cell, edge, user), nowMs);
  }

  function keep(sinceMs: number, routeIndex: number, { path, bodyBytes }: Message): void {
    if (!recorded) return;
    if (recorded.arrivals.length < MAX_RECORDED) recorded.arrivals.push([sinceMs, routeIndex, path, bodyBytes]);
    else recorded.leftOut += 1;
  }

  const begun = (): void => {
    iterations.scheduled += 1;
    iterations.started += 1;
    iterations.running += 1;
  };
  const ended = (how: 'completed' | 'interrupted'): void => {
    iterations[how] += 1;
    iterations.running -= 1;
  };
  /** Whoever begins an iteration of one request: nothing follows it. */
  const passerBy: User = { settled: () => ended('completed') };

  const life: UserLife = {
    length: session.order === 'sequence' ? routes.length : session.requests,
    send(user, draws, step, intendedMs, nowMs) {
      const route = session.order === 'sequence' ? step : draws.route();
      send(user, route, (routes[route] as Route).messages.draw(draws), intendedMs - zeroMs, nowMs);
    },
    wait(user, untilMs, nowMs, then) {
      if (phase === 'over') return () => {};
      const wake = (): void => {
        thinking.delete(user);
        then(performance.now());
        finishIfEmpty();
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
    begun,
    ended(how) {
      ended(how);
      // An interruption comes from a timer, not from the outcome of a request.
      if (how === 'interrupted') finishIfEmpty();
    },
  };

  const ground: Ground = {
    timer,
    seed: start.seed,
    startMs: zeroMs + start.startTimeMs,
    durationMs: start.durationMs,
    length: life.length,
    drawing: createDrawing(start),
    running: () => iterations.running,
    started: () => iterations.started,
    sendOne(draws, sinceMs, nowMs) {
      begun();
      const route = draws.route();
      send(passerBy, route, (routes[route] as Route).messages.draw(draws), start.startTimeMs + sinceMs, nowMs);
    },
    sendRecorded({ route, path, bodyBytes }, sinceMs, nowMs) {
      begun();
      const { messages } = routes[route] as Route;
      send(passerBy, route, messages.exactly(path, bodyBytes), start.startTimeMs + sinceMs, nowMs);
    },
    createUser: (draws, next) => new VirtualUser(life, draws, next),
    dropOne(draws, sinceMs, nowMs) {
      ground.dropIterations(1);
      const route = session.order === 'sequence' ? 0 : draws.route();
      const since = start.startTimeMs + sinceMs;
      counts.scheduled += 1;
      counts.dropped += 1;
      // Its keys are drawn all the same: what a later arrival asks for does not depend on who was free.
      const message = (routes[route] as Route).messages.draw(draws);
      if (recorded) keep(since, route, message);
      recorder.dropped(recorder.cellOf(since, route, nowMs - zeroMs - since));
    },
    dropIterations(count) {
      iterations.scheduled += count;
      iterations.dropped += count;
    },
    end,
  };
  const executor = startExecutor(ground, start.plan);

  function end(): void {
    if (phase !== 'running') return;
    phase = 'ending';
    executor.stop();
    gracefulStop = setTimeout(finish, start.gracefulStopMs);
    finishIfEmpty();
  }

  /** Since the start: no request to come has an intended start before this. */
  function settledMs(): number {
    let earliestMs = Math.min(performance.now() - zeroMs, start.startTimeMs + executor.nextMs());
    for (const { dueMs } of thinking) earliestMs = Math.min(earliestMs, dueMs - zeroMs);
    return earliestMs;
  }

  return {
    id: start.trafficId,
    inFlight: () => counts.inFlight,
    stop: end,
    over,
    takeFrame: () => ({
      trafficId: start.trafficId,
      startedAtMs,
      ...counts,
      iterations: { ...iterations },
      vus: executor.vus(),
      done: phase === 'over',
      ...recorder.takeChanged(settledMs()),
    }),
    lateness: () => latenessOf(recorder.lateness()),
    recorded: () => recorded ?? { arrivals: [], leftOut: 0 },
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
  const wallMs = Date.now() + performanceMs - performance.now();
  return Math.abs(exactMs - wallMs) < 2 ? exactMs : wallMs;
}
