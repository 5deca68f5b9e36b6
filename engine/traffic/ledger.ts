import type { StartTraffic } from '../process-kit/protocol.ts';
import { tracer } from '../process-kit/tracing.ts';
import { trafficHooks } from '../process-kit/traffic-hooks.ts';
import type { EdgePool } from './edge-pool.ts';
import type { Message } from './messages.ts';
import { OpenRequest } from './open-request.ts';
import { keepArrival, noArrivals, type RecordedArrivals } from './recorded-arrivals.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { RequestObserver } from './request.ts';
import type { User } from './user.ts';

/** The requests of one traffic: sends them, and writes down what becomes of each. */
export interface Ledger {
  /** Counted one by one where each thing happens: that they add up is checked elsewhere, not made so here. */
  readonly counts: {
    scheduled: number;
    issued: number;
    ok: number;
    failed: number;
    dropped: number;
    inFlight: number;
    waiting: number;
  };
  readonly recorder: Recorder;
  readonly recorded: RecordedArrivals;
  /** Begins a request that was due this much after the start of the traffic. */
  send(user: User, route: number, message: Message, sinceMs: number, nowMs: number): void;
  /** Writes down a request that was due, and that nobody was free to send. */
  drop(route: number, message: Message, sinceMs: number, nowMs: number): void;
  /** Gives up what still waits, and leaves in flight what is. */
  abandon(): void;
  /** No request waits or is in flight. */
  isEmpty(): boolean;
}

export function createLedger(options: {
  start: Pick<StartTraffic, 'routes' | 'recordArrivals'>;
  /** The start of the traffic, a time of `performance.now()`. */
  zeroMs: number;
  pool(edge: string): EdgePool;
  /** The latency of a success, null for a failure; and its time from when it was really sent, without the wait before. */
  onSettled(edge: string, latencyMs: number | null, answerMs?: number): void;
  /** A request is decided, and its user has been told. */
  onDecided(): void;
}): Ledger {
  const { start, zeroMs, onSettled, onDecided } = options;
  const routes = start.routes.map(({ method, path, edge }) => ({ method, path, edge, pool: options.pool(edge) }));
  type Route = (typeof routes)[number];
  const recorder = createRecorder({ routes: routes.length });
  const recorded: RecordedArrivals | null = start.recordArrivals ? { arrivals: [], leftOut: 0 } : null;
  const counts = { scheduled: 0, issued: 0, ok: 0, failed: 0, dropped: 0, inFlight: 0, waiting: 0 };
  /** Requests that a fault keeps back: they wait. */
  const held = new Map<OpenRequest, EdgePool>();

  const observer: RequestObserver = {
    queued() {
      counts.waiting += 1;
    },
    dequeued() {
      counts.waiting -= 1;
    },
    sent(request, nowMs) {
      const open = request as OpenRequest;
      counts.issued += 1;
      counts.inFlight += 1;
      open.sentMs = nowMs;
      recorder.issued(open.cell);
      const { method, path } = routes[open.cell.route] as Route;
      open.span = tracer.request({ method, target: open.path, route: path, startMs: open.intendedMs });
    },
    ok(request, nowMs) {
      const { cell, user, intendedMs, sentMs, span } = request as OpenRequest;
      const latencyMs = nowMs - intendedMs;
      counts.ok += 1;
      counts.inFlight -= 1;
      recorder.ok(cell, latencyMs, nowMs - sentMs);
      tracer.end(span);
      onSettled((routes[cell.route] as Route).edge, latencyMs, nowMs - sentMs);
      user.settled(nowMs);
      onDecided();
    },
    failed(request, reason, hop) {
      const { cell, user, span } = request as OpenRequest;
      counts.failed += 1;
      counts.inFlight -= 1;
      recorder.failed(cell, reason, hop);
      span?.fail(reason, hop);
      tracer.end(span);
      onSettled((routes[cell.route] as Route).edge, null);
      user.settled(performance.now());
      onDecided();
    },
    dropped(request) {
      const { cell, user } = request as OpenRequest;
      counts.dropped += 1;
      recorder.dropped(cell);
      user.settled(performance.now());
      onDecided();
    },
  };

  function keepBack(request: OpenRequest, pool: EdgePool): boolean {
    const release = (): void => {
      if (!held.delete(request)) return;
      observer.dequeued(request);
      pool.submit(request, performance.now());
    };
    for (const hold of trafficHooks.hold)
      if (hold(release)) {
        observer.queued(request);
        held.set(request, pool);
        return true;
      }
    return false;
  }

  return {
    counts,
    recorder,
    recorded: recorded ?? noArrivals,
    send(user, route, message, sinceMs, nowMs) {
      const { pool, edge } = routes[route] as Route;
      const intendedMs = zeroMs + sinceMs;
      counts.scheduled += 1;
      if (recorded) keepArrival(recorded, sinceMs, route, message);
      const cell = recorder.cellOf(sinceMs, route, nowMs - intendedMs);
      const request = new OpenRequest(message, intendedMs, observer, cell, user);
      if (trafficHooks.due.size > 0) for (const hear of trafficHooks.due) hear(edge);
      if (trafficHooks.hold.size > 0 && keepBack(request, pool)) return;
      pool.submit(request, nowMs);
    },
    drop(route, message, sinceMs, nowMs) {
      counts.scheduled += 1;
      counts.dropped += 1;
      if (recorded) keepArrival(recorded, sinceMs, route, message);
      recorder.dropped(recorder.cellOf(sinceMs, route, nowMs - zeroMs - sinceMs));
    },
    abandon() {
      for (const request of [...held.keys()]) {
        held.delete(request);
        observer.dequeued(request);
        observer.dropped(request);
      }
      for (const pool of new Set(routes.map((route) => route.pool))) pool.abandon(observer);
    },
    isEmpty: () => counts.inFlight === 0 && counts.waiting === 0,
  };
}
