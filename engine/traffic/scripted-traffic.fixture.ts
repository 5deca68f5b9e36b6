import { vi } from 'vitest';
import type { FailureReason } from '../metrics/failure-reason.ts';
import { constantCurve } from '../model/curve.ts';
import type { PreciseTimer } from '../process-kit/precise-timer.ts';
import type { StartTraffic, TrafficFrame } from '../process-kit/protocol.ts';
import type { EdgePool } from './edge-pool.ts';
import type { TrafficRequest } from './request.ts';
import { startTraffic, type Traffic } from './traffic.ts';

/** What becomes of the n-th request: an answer after this time, a failure, or nothing at all. */
export type Answer = { afterMs: number; failure?: FailureReason } | 'refused' | 'dropped' | 'silence';

export interface SentRequest {
  /** Since the start of the traffic, whole microseconds. */
  atMs: number;
  /** "POST /orders", and how many bytes came after the head. */
  line: string;
  bodyBytes: number;
}

const LEAD_MS = 100;

/** Jobs at their exact time of the fake clock. */
const fakeTimer = (): PreciseTimer => ({
  schedule(atMs, run) {
    const timer = setTimeout(run, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
  poll() {},
  close() {},
});

/**
 * A traffic on a fake clock that answers itself as it is told, so that schedules can be counted exactly. What it sends
 * over real connections is tested with the real client. Needs `vi.useFakeTimers`.
 */
export function playTraffic(options: Partial<StartTraffic> & { answer?: (n: number, line: string) => Answer }) {
  const { answer = (): Answer => ({ afterMs: 0 }), ...start } = options;
  const sent: SentRequest[] = [];
  const open = new Map<TrafficRequest, NodeJS.Timeout | null>();
  const zeroMs = performance.now() + LEAD_MS;

  const pool: EdgePool = {
    submit(request, nowMs) {
      const text = request.bytes.toString('latin1');
      const line = text.slice(0, text.indexOf(' HTTP/'));
      const atMs = Math.round((nowMs - zeroMs) * 1000) / 1000;
      const what = answer(sent.length, line);
      if (what === 'dropped') return request.observer.dropped(request);
      sent.push({ atMs, line, bodyBytes: text.length - text.indexOf('\r\n\r\n') - 4 });
      request.observer.sent(request, nowMs);
      if (what === 'refused') return request.observer.failed(request, 'refused', 'edge');
      if (what === 'silence') return void open.set(request, null);
      open.set(
        request,
        setTimeout(() => {
          open.delete(request);
          if (what.failure) request.observer.failed(request, what.failure, 'edge');
          else request.observer.ok(request, performance.now());
        }, what.afterMs),
      );
    },
    abandon() {
      for (const timer of open.values()) if (timer) clearTimeout(timer);
      open.clear();
    },
    rewire() {},
    close() {},
  };

  let last: TrafficFrame | undefined;
  const traffic: Traffic = startTraffic({
    start: {
      trafficId: 'traffic',
      seed: 1,
      startTimeMs: 0,
      durationMs: 1000,
      gracefulStopMs: 0,
      plan: { type: 'arrivals', arrivals: 'uniform', ratePerSec: constantCurve(100), maxVUs: null },
      session: { order: 'mix', requests: 1, thinkTime: { type: 'fixed', valueMs: 0 } },
      routes: [route('/')],
      recordArrivals: false,
      ...start,
    },
    timer: fakeTimer(),
    pool: () => pool,
    hostOf: () => 'shop',
    onSettled() {},
    onOver() {
      last = traffic.takeFrame();
    },
  });

  return {
    sent,
    traffic,
    /** Moves the clock to this time of the traffic. */
    to(atMs: number): TrafficFrame {
      vi.advanceTimersByTime(Math.max(0, zeroMs + atMs - performance.now()));
      return last ?? traffic.takeFrame();
    },
    /** How long it went on; the clock must have been moved far enough. */
    last(): TrafficFrame {
      if (!last) throw new Error('the traffic is not over');
      return last;
    },
  };
}

type Route = StartTraffic['routes'][number];

export const route = (path: string, options: Partial<Route> = {}): Route => ({
  method: 'GET',
  path,
  weight: 1,
  edge: 'edge',
  parameters: [],
  bodyBytes: { type: 'fixed', sizeBytes: 0 },
  ...options,
});
