import { type FailureReason, failureReasons } from '../metrics/failure-reason.ts';
import { TIMEOUT_HEADER } from '../process-kit/deadline.ts';
import { failedLookup } from '../process-kit/lookup.ts';
import type { WiredEdge } from '../process-kit/protocol.ts';
import { createFifo } from './fifo.ts';
import { type ConnectionObserver, type HttpConnection, openConnection } from './http-connection.ts';
import { type RequestObserver, type TrafficRequest, withHeaderLines } from './request.ts';
import type { ResponseParser } from './response-parser.ts';
import { createShadowConnections } from './shadow-connections.ts';

/** The connections of one client along one edge, and the requests that wait for one. */
export interface ConnectionPool {
  /** Sends the request now, keeps it waiting, or drops it. */
  submit(request: TrafficRequest, nowMs: number): void;
  /** Takes a request back that waits, or breaks off its connection, without telling its observer. */
  cancel(request: TrafficRequest): void;
  /** The edge as it is from now on. What is in flight may end where it is. */
  rewire(edge: WiredEdge): void;
  /** Drops what still waits of this observer, and destroys its connections in flight without telling it. */
  abandon(observer: RequestObserver): void;
  /** Closes every connection. */
  close(): void;
}

/** What the edge's policies add to each request. A client's request has just begun: all of its time is left. */
const headerLinesOf = ({ config: { keepAlive, propagateDeadline, timeoutMs, deadlineMs } }: WiredEdge): string =>
  [
    keepAlive ? '' : 'Connection: close\r\n',
    propagateDeadline ? `${TIMEOUT_HEADER}: ${Math.min(timeoutMs, deadlineMs ?? timeoutMs)}\r\n` : '',
  ].join('');

/** The connections to one port. */
interface Lane {
  port: number;
  /** The one used last comes first: the others may then be closed by the server in peace. */
  idle: HttpConnection[];
  all: Set<HttpConnection>;
  /** No longer wired: its connections go as they become free. */
  retired: boolean;
  /** What its share still owes it, where lanes have weights. */
  credit: number;
}

export interface ConnectionPoolOptions {
  edge: WiredEdge;
  maxQueued(): number;
  /** An answer was dealt with: a chance for other work that is due. */
  onAwake(nowMs: number): void;
}

export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  let { edge } = options;
  let headerLines = '';
  let lanes: Lane[] = [];
  const retired = new Set<Lane>();
  let turn = 0;
  const shadow = createShadowConnections(edge);
  const waiting = createFifo<TrafficRequest>();
  let deadlineTimer: NodeJS.Timeout | undefined;
  let deadlineTimerMs = Number.POSITIVE_INFINITY;

  const hasRoom = (lane: Lane): boolean => lane.idle.length > 0 || lane.all.size < edge.config.maxConnections;

  /** Smooth weighted round-robin, as a gateway does it: each lane has its share in every round. */
  function lanesByWeight(weights: readonly number[]): Lane | undefined {
    if (!lanes.some(hasRoom)) return undefined;
    let best: Lane | undefined;
    for (const [index, lane] of lanes.entries()) {
      lane.credit += weights[index] ?? 0;
      if (hasRoom(lane) && (!best || lane.credit > best.credit)) best = lane;
    }
    if (best) best.credit -= weights.reduce((sum, weight) => sum + weight, 0);
    return best;
  }

  function laneWithRoom(): Lane | undefined {
    if (edge.weights) return lanesByWeight(edge.weights);
    for (let tried = 0; tried < lanes.length; tried += 1) {
      const lane = lanes[turn % lanes.length] as Lane;
      turn = (turn + 1) % lanes.length;
      if (hasRoom(lane)) return lane;
    }
    return undefined;
  }

  function open(lane: Lane): HttpConnection {
    const observer: ConnectionObserver = {
      answered(connection, request, answer, ends) {
        const nowMs = performance.now();
        settle(request, answer, nowMs);
        const surplus = lane.retired || lane.all.size > edge.config.maxConnections || !edge.config.keepAlive;
        if (ends || surplus) {
          leave(lane, connection);
          if (!ends) connection.destroy();
        } else lane.idle.push(connection);
        if (waiting.length > 0) sendWaiting(nowMs);
        options.onAwake(nowMs);
      },
      broken(connection, request, reason) {
        leave(lane, connection);
        request?.observer.failed(request, reason, edge.id);
        if (waiting.length > 0) sendWaiting(performance.now());
      },
    };
    const connection = openConnection(lane.port, edge, observer);
    lane.all.add(connection);
    return connection;
  }

  function leave(lane: Lane, connection: HttpConnection): void {
    lane.all.delete(connection);
    const place = lane.idle.indexOf(connection);
    if (place >= 0) lane.idle.splice(place, 1);
    if (lane.retired && lane.all.size === 0) retired.delete(lane);
  }

  function settle(request: TrafficRequest, answer: ResponseParser, nowMs: number): void {
    const { status, failureReason, failureHop } = answer;
    if (status < 400) request.observer.ok(request, nowMs);
    else if (failureHop && failureReasons.includes(failureReason as FailureReason))
      request.observer.failed(request, failureReason as FailureReason, failureHop);
    else request.observer.failed(request, status === 404 ? 'no-route' : 'handler-error', edge.targetId);
  }

  function send(lane: Lane, request: TrafficRequest, nowMs: number): void {
    request.deadlineMs = nowMs + edge.config.timeoutMs;
    request.observer.sent(request, nowMs);
    const bytes = headerLines === '' ? request.bytes : withHeaderLines(request.bytes, headerLines);
    (lane.idle.pop() ?? open(lane)).send(request, bytes);
    if (edge.shadowPorts) shadow.copy(request, bytes);
    watch(request.deadlineMs);
  }

  function refuse(request: TrafficRequest, nowMs: number, reason: 'refused' | 'dns' = 'refused'): void {
    request.observer.sent(request, nowMs);
    request.observer.failed(request, reason, edge.id);
  }

  /** Sends as many of those that wait as there is room for; those that waited too long are dropped. */
  function sendWaiting(nowMs: number): void {
    for (let request = waiting.first(); request; request = waiting.first()) {
      const late = nowMs > request.intendedMs + edge.config.timeoutMs;
      const lane = late || lanes.length === 0 ? undefined : laneWithRoom();
      if (!late && !lane && lanes.length > 0) return;
      waiting.shift();
      request.observer.dequeued(request);
      if (late) request.observer.dropped(request);
      else if (lane) send(lane, request, nowMs);
      else refuse(request, nowMs);
    }
  }

  /** One timer for all deadlines: it is set for the first of them, and looks at all when it rings. */
  function watch(deadlineMs: number): void {
    if (deadlineMs >= deadlineTimerMs) return;
    clearTimeout(deadlineTimer);
    deadlineTimerMs = deadlineMs;
    deadlineTimer = setTimeout(checkDeadlines, Math.max(1, deadlineMs - performance.now()));
  }

  function checkDeadlines(): void {
    deadlineTimerMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const lane of [...lanes, ...retired])
      for (const connection of lane.all) {
        const { request } = connection;
        if (!request) continue;
        if (request.deadlineMs > nowMs) {
          nextMs = Math.min(nextMs, request.deadlineMs);
          continue;
        }
        connection.destroy('timeout');
        leave(lane, connection);
        request.observer.failed(request, 'timeout', edge.id);
      }
    sendWaiting(nowMs);
    const first = waiting.first();
    if (first) nextMs = Math.min(nextMs, first.intendedMs + edge.config.timeoutMs);
    if (nextMs < Number.POSITIVE_INFINITY) watch(nextMs);
  }

  function retire(lane: Lane): void {
    lane.retired = true;
    for (const connection of lane.idle.splice(0)) {
      connection.destroy();
      lane.all.delete(connection);
    }
    if (lane.all.size > 0) retired.add(lane);
  }

  const pool: ConnectionPool = {
    submit(request, nowMs) {
      if (failedLookup(edge)) return refuse(request, nowMs, 'dns');
      const lane = waiting.length === 0 ? laneWithRoom() : undefined;
      if (lane) send(lane, request, nowMs);
      else if (lanes.length === 0) refuse(request, nowMs);
      else if (waiting.length >= options.maxQueued()) request.observer.dropped(request);
      else {
        request.observer.queued(request);
        waiting.push(request);
        watch(request.intendedMs + edge.config.timeoutMs);
      }
    },
    cancel(request) {
      if (waiting.remove((candidate) => candidate === request).length > 0) return;
      for (const lane of [...lanes, ...retired])
        for (const connection of lane.all)
          if (connection.request === request) {
            connection.destroy();
            leave(lane, connection);
            if (waiting.length > 0) sendWaiting(performance.now());
            return;
          }
    },
    rewire(next) {
      edge = next;
      headerLines = headerLinesOf(next);
      shadow.rewire(next);
      const kept = lanes.filter((lane) => next.ports.includes(lane.port));
      for (const lane of lanes) if (!kept.includes(lane)) retire(lane);
      lanes = next.ports.map(
        (port) =>
          kept.find((lane) => lane.port === port) ?? { port, idle: [], all: new Set(), retired: false, credit: 0 },
      );
      const nowMs = performance.now();
      sendWaiting(nowMs);
      const first = waiting.first();
      if (first) watch(first.intendedMs + edge.config.timeoutMs);
    },
    abandon(observer) {
      for (const request of waiting.remove((candidate) => candidate.observer === observer)) {
        observer.dequeued(request);
        observer.dropped(request);
      }
      for (const lane of [...lanes, ...retired])
        for (const connection of lane.all)
          if (connection.request?.observer === observer) {
            connection.destroy();
            leave(lane, connection);
          }
      sendWaiting(performance.now());
    },
    close() {
      clearTimeout(deadlineTimer);
      for (const lane of [...lanes, ...retired]) for (const connection of lane.all) connection.destroy();
      lanes = [];
      retired.clear();
      shadow.close();
    },
  };
  pool.rewire(edge);
  return pool;
}
