import type { FailureReason } from '../metrics/failure-reason.ts';
import { createHistogram, type Histogram, percentileMs, record } from '../metrics/histogram.ts';
import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { StartTraffic, TrafficFrame } from '../process-kit/protocol.ts';
import { createArrivals } from './arrivals.ts';
import type { EdgePool } from './edge-pool.ts';
import { startPacer } from './pacer.ts';
import { type Cell, createRecorder } from './recorder.ts';
import { type RequestObserver, requestBytes, type TrafficRequest } from './request.ts';

/** How late the arrivals were issued, beside the latency that they met. */
export interface ArrivalLateness {
  arrivals: number;
  p50Ms: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
}

/** The traffic of one source, from its first arrival to its last frame. */
export interface Traffic {
  readonly id: string;
  inFlight(): number;
  /** Ends the arrivals; what is on its way may still end for the graceful stop. */
  stop(): void;
  /** Resolves when it is over. */
  over: Promise<void>;
  /** What changed since the last call. */
  takeFrame(): TrafficFrame;
  lateness(): ArrivalLateness;
}

/** The precise timer needs some 30 ms for its first job; the first arrival must not wait for it. */
const LEAD_MS = 100;

interface OpenRequest extends TrafficRequest {
  readonly cell: Cell;
}

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
  const routes = start.routes.map(({ method, path, edge }) => ({
    bytes: requestBytes({ method, path, host: options.hostOf(edge) }),
    pool: options.pool(edge),
  }));
  const pools = new Set(routes.map(({ pool }) => pool));
  const recorder = createRecorder({ routes: routes.length });
  const lateness: Histogram = createHistogram();
  // Counted one by one where each thing happens: that they add up is checked elsewhere, not made so here.
  const counts = { scheduled: 0, issued: 0, ok: 0, failed: 0, dropped: 0, inFlight: 0, waiting: 0 };
  const zeroMs = performance.now() + LEAD_MS;
  const startedAtMs = epochOf(zeroMs);
  let phase: 'arriving' | 'ending' | 'over' = 'arriving';
  let gracefulStop: NodeJS.Timeout | undefined;
  let resolveOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    resolveOver = resolve;
  });

  function settled(): void {
    if (phase === 'ending' && counts.inFlight === 0 && counts.waiting === 0) finish();
  }

  function finish(): void {
    if (phase === 'over') return;
    clearTimeout(gracefulStop);
    phase = 'over';
    for (const pool of pools) pool.abandon(observer);
    resolveOver();
    options.onOver();
  }

  const cellOf = (request: TrafficRequest): Cell => (request as OpenRequest).cell;
  const edgeOf = (request: TrafficRequest): string =>
    (start.routes[cellOf(request).route] as (typeof start.routes)[number]).edge;
  const observer: RequestObserver = {
    queued() {
      counts.waiting += 1;
    },
    dequeued() {
      counts.waiting -= 1;
    },
    sent(request) {
      counts.issued += 1;
      counts.inFlight += 1;
      recorder.issued(cellOf(request));
    },
    ok(request, nowMs) {
      const latencyMs = nowMs - request.intendedMs;
      counts.ok += 1;
      counts.inFlight -= 1;
      recorder.ok(cellOf(request), latencyMs);
      onSettled(edgeOf(request), latencyMs);
      settled();
    },
    failed(request, reason: FailureReason, hop) {
      counts.failed += 1;
      counts.inFlight -= 1;
      recorder.failed(cellOf(request), reason, hop);
      onSettled(edgeOf(request), null);
      settled();
    },
    dropped(request) {
      counts.dropped += 1;
      recorder.dropped(cellOf(request));
      settled();
    },
  };

  const pacer = startPacer({
    timer,
    arrivals: createArrivals({ ...start, weights: start.routes.map(({ weight }) => weight) }),
    zeroMs,
    durationMs: start.durationMs,
    issue(sinceZeroMs, route, nowMs) {
      const intendedMs = zeroMs + sinceZeroMs;
      counts.scheduled += 1;
      record(lateness, nowMs - intendedMs);
      const { bytes, pool } = routes[route] as (typeof routes)[number];
      const request: OpenRequest = {
        bytes,
        intendedMs,
        deadlineMs: 0,
        observer,
        cell: recorder.cellOf(sinceZeroMs, route),
      };
      pool.submit(request, nowMs);
    },
    onEnd: end,
  });

  function end(): void {
    if (phase !== 'arriving') return;
    phase = 'ending';
    pacer.stop();
    gracefulStop = setTimeout(finish, start.gracefulStopMs);
    settled();
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
      done: phase === 'over',
      slices: recorder.takeChanged(),
    }),
    lateness: () => ({
      arrivals: lateness.total,
      p50Ms: percentileMs(lateness, 50),
      p90Ms: percentileMs(lateness, 90),
      p99Ms: percentileMs(lateness, 99),
    }),
  };
}

/** `performance.now()` stands still while the computer sleeps; then the whole milliseconds of the wall clock must do. */
function epochOf(performanceMs: number): number {
  const exactMs = performance.timeOrigin + performanceMs;
  const wallMs = Date.now() + performanceMs - performance.now();
  return Math.abs(exactMs - wallMs) < 2 ? exactMs : wallMs;
}
