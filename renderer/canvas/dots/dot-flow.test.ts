import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EdgeStatus } from '../../../engine/api/types.ts';
import { createDotFlow, type Dot, niceScale } from './dot-flow.ts';

const edge = (id: string, requests: number, errors: number): EdgeStatus => ({
  id,
  connections: 1,
  upstreamBytes: 0,
  downstreamBytes: 0,
  requests,
  errors,
  p99Ms: null,
  measures: {},
});

const frame = (atMs: number, counters: Record<string, readonly [requests: number, errors: number]>) => ({
  atMs,
  topology: 'running' as const,
  edges: Object.fromEntries(
    Object.entries(counters).map(([id, [requests, errors]]) => [id, edge(id, requests, errors)]),
  ),
});

/** Plays ten frames a second and draws sixty pictures a second. Which dots were drawn, each once, and the most at once. */
function play(frames: readonly ReturnType<typeof frame>[]) {
  const flow = createDotFlow();
  const drawn = new Map<string, Set<Dot>>();
  let [mostAtOnce, coarsest] = [0, 1];
  const draw = (nowMs: number) => {
    let atOnce = 0;
    flow.each(nowMs, (id, _progress, dot) => {
      drawn.set(id, (drawn.get(id) ?? new Set()).add(dot));
      atOnce += 1;
    });
    mostAtOnce = Math.max(mostAtOnce, atOnce);
  };
  for (const [index, next] of frames.entries()) {
    flow.add(next, next.atMs);
    coarsest = Math.max(coarsest, flow.scale().ok);
    const untilMs = frames[index + 1]?.atMs ?? next.atMs + 3000;
    for (let nowMs = next.atMs; nowMs < untilMs; nowMs += 1000 / 60) draw(nowMs);
  }
  const requestsIn = (id: string, outcome: Dot['outcome']) =>
    [...(drawn.get(id) ?? [])].reduce((sum, dot) => sum + (dot.outcome === outcome ? dot.weight : 0), 0);
  return { flow, drawn, requestsIn, mostAtOnce, coarsest };
}

const steady = (seconds: number, okPerSec: number, failedPerSec: number) =>
  Array.from({ length: seconds * 10 + 1 }, (_, tick) =>
    frame(tick * 100, {
      link: [Math.floor((tick * (okPerSec + failedPerSec)) / 10), Math.floor((tick * failedPerSec) / 10)],
    }),
  );

describe('dots on an edge', () => {
  it('are exactly as many as the counters grew by, of each outcome', () => {
    const { requestsIn, drawn, flow } = play(steady(10, 15, 3));
    expect(flow.scale()).toEqual({ ok: 1, failed: 1 });
    expect(requestsIn('link', 'ok')).toBe(150);
    expect(requestsIn('link', 'failed')).toBe(30);
    expect(drawn.get('link')?.size).toBe(180);
  });

  it('stand for several requests at a high rate, as the scale says, and lose less than one dot', () => {
    const { requestsIn, mostAtOnce, flow } = play(steady(10, 3000, 7));
    const { ok, failed } = flow.scale();
    expect(ok).toBeGreaterThan(50);
    expect(failed).toBe(1);
    expect(30_000 - requestsIn('link', 'ok')).toBeGreaterThanOrEqual(0);
    expect(30_000 - requestsIn('link', 'ok')).toBeLessThan(ok);
    expect(requestsIn('link', 'failed')).toBe(70);
    expect(mostAtOnce).toBeLessThanOrEqual(60);
  });

  it('are never more than the counters, whatever they do', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(40)), { minLength: 2, maxLength: 40 }), (growths) => {
        let [requests, errors] = [0, 0];
        const frames = growths.map(([ok, failed], tick) => {
          requests += ok + failed;
          errors += failed;
          return frame(tick * 100, { link: [requests, errors] });
        });
        const { requestsIn, coarsest } = play(frames);
        const counted = requests - errors - (growths[0]?.[0] ?? 0);
        const rest = counted - requestsIn('link', 'ok');
        expect(rest).toBeGreaterThanOrEqual(0);
        expect(rest).toBeLessThan(coarsest);
      }),
      { numRuns: 60 },
    );
  });

  it('stay few enough to be drawn when hundreds of edges are busy', () => {
    const busy = Array.from({ length: 31 }, (_, tick) =>
      frame(
        tick * 100,
        Object.fromEntries(Array.from({ length: 300 }, (__, index) => [`e${index}`, [tick * 20, tick]])),
      ),
    );
    const { mostAtOnce } = play(busy);
    expect(mostAtOnce).toBeLessThanOrEqual(1200);
    expect(mostAtOnce).toBeGreaterThan(300);
  });

  it('begin with what is counted from now on, also after a jump of the display', () => {
    const { drawn } = play([frame(0, { link: [500, 0] }), frame(60_000, { link: [90_000, 0] })]);
    expect(drawn.size).toBe(0);
  });

  it('do not pile up while nothing is drawn', () => {
    const flow = createDotFlow();
    for (const next of steady(60, 50, 0)) flow.add(next, 0);
    let drawn = 0;
    flow.each(600, () => {
      drawn += 1;
    });
    expect(drawn).toBeLessThan(100);
  });

  it('are gone when nothing runs any more', () => {
    const { flow } = play(steady(1, 10, 0));
    flow.add({ atMs: 2000, topology: 'stopped', edges: {} }, 2000);
    expect(flow.busy()).toBe(false);
  });
});

it('scales are round numbers', () => {
  expect([0, 1, 1.5, 3, 7, 12, 60, 501].map(niceScale)).toEqual([1, 1, 2, 5, 10, 20, 100, 1000]);
});
