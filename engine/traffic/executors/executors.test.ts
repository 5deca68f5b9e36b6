import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { constantCurve } from '../../model/curve.ts';
import type { StartTraffic } from '../../process-kit/protocol.ts';
import { playTraffic, route } from '../scripted-traffic.fixture.ts';
import { vuSteps } from './vu-steps.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const thinking = (valueMs: number, requests = 1): StartTraffic['session'] => ({
  order: 'mix',
  requests,
  thinkTime: { type: 'fixed', valueMs },
});
const constant = (vus: number): StartTraffic['plan'] => ({
  type: 'vus',
  vus: constantCurve(vus),
  gracefulRampDownMs: 0,
});

describe('constant users', () => {
  test('each sends again when the answer has come and the think time is over', () => {
    const played = playTraffic({ plan: constant(3), session: thinking(100), answer: () => ({ afterMs: 20 }) });
    expect(played.to(500).vus).toBe(3);
    played.to(1100);
    expect(played.sent.map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 9 }, (_, iteration) => new Array(3).fill(iteration * 120)).flat(),
    );
    expect(played.last()).toMatchObject({
      issued: 27,
      ok: 27,
      iterations: { started: 27, completed: 27, interrupted: 0, dropped: 0, running: 0 },
      vus: 0,
      done: true,
    });
  });

  test('at the end an iteration may end within the graceful stop, and is interrupted after it', () => {
    const plan = constant(1);
    const slow = { plan, durationMs: 700, answer: () => ({ afterMs: 500 }) };
    const finishes = playTraffic({ ...slow, gracefulStopMs: 400 });
    finishes.to(2000);
    expect(finishes.last()).toMatchObject({
      issued: 2,
      ok: 2,
      inFlight: 0,
      iterations: { completed: 2, interrupted: 0 },
    });
    const cut = playTraffic({ ...slow, gracefulStopMs: 100 });
    cut.to(2000);
    expect(cut.last()).toMatchObject({ issued: 2, ok: 1, inFlight: 1, iterations: { completed: 1, interrupted: 1 } });
  });

  test('a user who thinks in the middle of an iteration is waited for, one between two iterations is not', () => {
    const between = playTraffic({ plan: constant(2), session: thinking(300), durationMs: 500, gracefulStopMs: 5000 });
    expect(between.to(501)).toMatchObject({ done: true, iterations: { started: 4, completed: 4 } });
    const within = playTraffic({ plan: constant(2), session: thinking(300, 3), durationMs: 500, gracefulStopMs: 5000 });
    expect(within.to(501)).toMatchObject({ done: false, iterations: { started: 2, running: 2 } });
    within.to(700);
    expect(within.last()).toMatchObject({ issued: 6, ok: 6, iterations: { completed: 2, interrupted: 0 } });
  });
});

describe('ramping users', () => {
  test('enter and leave exactly when the line crosses a whole number', () => {
    const curve = {
      start: 2,
      stages: [
        { durationMs: 400, target: 4 },
        { durationMs: 100, target: 4 },
        { durationMs: 300, target: 1 },
        { durationMs: 0, target: 5 },
      ],
      after: 'end' as const,
    };
    expect([...vuSteps(curve)]).toEqual([
      { atMs: 0, vus: 2 },
      { atMs: 200, vus: 3 },
      { atMs: 400, vus: 4 },
      { atMs: 600, vus: 3 },
      { atMs: 700, vus: 2 },
      { atMs: 800, vus: 1 },
      { atMs: 800, vus: 5 },
    ]);
  });

  const upAndDown = (gracefulRampDownMs: number): StartTraffic['plan'] => ({
    type: 'vus',
    vus: {
      start: 1,
      stages: [
        { durationMs: 100, target: 3 },
        { durationMs: 100, target: 1 },
        { durationMs: 800, target: 1 },
      ],
      after: 'end',
    },
    gracefulRampDownMs,
  });

  test('who leaves ends the iteration, or is interrupted after the graceful ramp down', () => {
    const answer = () => ({ afterMs: 400 });
    const graceful = playTraffic({ plan: upAndDown(1000), answer, gracefulStopMs: 1000 });
    // The second and third came at 50 and 100 and are to leave at 200 and 150.
    expect(graceful.to(300).vus).toBe(3);
    expect(graceful.to(460).vus).toBe(2);
    expect(graceful.to(510).vus).toBe(1);
    graceful.to(3000);
    expect(graceful.last()).toMatchObject({ iterations: { completed: 5, interrupted: 0 }, inFlight: 0 });

    const cut = playTraffic({ plan: upAndDown(100), answer, gracefulStopMs: 1000 });
    expect(cut.to(260).vus).toBe(2);
    expect(cut.to(310).vus).toBe(1);
    cut.to(3000);
    // Their requests were on their way, and got their answers all the same.
    expect(cut.last()).toMatchObject({ ok: 5, inFlight: 0, iterations: { completed: 3, interrupted: 2 } });
  });

  test('who is called back before the iteration is over goes on', () => {
    const plan: StartTraffic['plan'] = {
      type: 'vus',
      vus: {
        start: 1,
        stages: [
          { durationMs: 100, target: 1 },
          { durationMs: 0, target: 0 },
          { durationMs: 100, target: 0 },
          { durationMs: 0, target: 1 },
          { durationMs: 800, target: 1 },
        ],
        after: 'end',
      },
      gracefulRampDownMs: 5000,
    };
    const played = playTraffic({
      plan,
      session: thinking(10),
      answer: () => ({ afterMs: 440 }),
      gracefulStopMs: 5000,
    });
    played.to(5000);
    expect(played.sent.map(({ atMs }) => atMs)).toEqual([0, 450, 900]);
    expect(played.last().iterations).toMatchObject({ completed: 3, interrupted: 0 });
  });
});

describe('a number of iterations', () => {
  test('of each user: all of them, and then it is over at once', () => {
    const plan = { type: 'iterations', vus: 3, iterations: 4, shared: false } as const;
    const played = playTraffic({ plan, durationMs: 60_000, answer: (n) => ({ afterMs: 10 * (n + 1) }) });
    played.to(5000);
    expect(played.sent).toHaveLength(12);
    expect(played.last()).toMatchObject({ done: true, iterations: { scheduled: 12, completed: 12, dropped: 0 } });
  });

  test('shared: who is free takes the next, and what each one does depends on its number alone', () => {
    const plan = { type: 'iterations', vus: 4, iterations: 25, shared: true } as const;
    const routes = [route('/users/:id', { parameters: [{ name: 'id', keys: 100_000, skew: 0 }] }), route('/b')];
    const play = (afterMs: (n: number) => number) => {
      const played = playTraffic({ plan, routes, durationMs: 60_000, answer: (n) => ({ afterMs: afterMs(n) }) });
      played.to(60_000);
      expect(played.last().iterations).toMatchObject({ scheduled: 25, completed: 25 });
      return played.sent.map(({ line }) => line).sort();
    };
    expect(play((n) => 1 + ((n * 37) % 50))).toEqual(play(() => 5));
  });

  test('what has not begun when the time is over is dropped', () => {
    const plan = { type: 'iterations', vus: 2, iterations: 10, shared: false } as const;
    const played = playTraffic({ plan, durationMs: 500, session: thinking(150), answer: () => ({ afterMs: 50 }) });
    played.to(600);
    expect(played.last().iterations).toEqual({
      scheduled: 20,
      started: 6,
      completed: 6,
      interrupted: 0,
      dropped: 14,
      running: 0,
    });
  });
});

describe('arrivals', () => {
  const limited = (maxVUs: number): StartTraffic['plan'] => ({
    type: 'arrivals',
    arrivals: 'uniform',
    ratePerSec: constantCurve(100),
    maxVUs,
  });

  test('one for which no user is free is dropped and counted', () => {
    const played = playTraffic({ plan: limited(2), gracefulStopMs: 100, answer: () => ({ afterMs: 45 }) });
    expect(played.to(104).vus).toBe(2);
    played.to(2000);
    // Every 10 ms one, and two of five find a user free: an answer takes 45 ms.
    expect(played.last()).toMatchObject({
      scheduled: 100,
      issued: 40,
      ok: 40,
      dropped: 60,
      iterations: { scheduled: 100, started: 40, completed: 40, dropped: 60 },
    });
  });

  test('a dropped arrival draws its route and key all the same', () => {
    const routes = [route('/users/:id', { parameters: [{ name: 'id', keys: 100_000, skew: 0 }] })];
    const all = playTraffic({ routes });
    all.to(2000);
    const few = playTraffic({ routes, plan: limited(1), answer: () => ({ afterMs: 15 }) });
    few.to(2000);
    expect(few.sent.map(({ line }) => line)).toEqual(
      all.sent.filter((_, index) => index % 2 === 0).map(({ line }) => line),
    );
  });

  test('may begin sessions, which overlap and end within the graceful stop', () => {
    const played = playTraffic({
      plan: { type: 'arrivals', arrivals: 'uniform', ratePerSec: constantCurve(10), maxVUs: null },
      routes: [route('/cart'), route('/pay', { method: 'POST' })],
      session: { order: 'sequence', thinkTime: { type: 'fixed', valueMs: 250 } },
      durationMs: 300,
      gracefulStopMs: 1000,
      answer: () => ({ afterMs: 10 }),
    });
    expect(played.to(265).vus).toBe(3);
    played.to(2000);
    expect(played.sent.map(({ atMs, line }) => [atMs, line])).toEqual([
      [0, 'GET /cart'],
      [100, 'GET /cart'],
      [200, 'GET /cart'],
      [260, 'POST /pay'],
      [360, 'POST /pay'],
      [460, 'POST /pay'],
    ]);
    expect(played.last()).toMatchObject({ issued: 6, iterations: { scheduled: 3, completed: 3 }, done: true });
  });

  test('a later start shifts them, and their slices', () => {
    const played = playTraffic({ startTimeMs: 500, durationMs: 100 });
    played.to(2000);
    expect(played.sent.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 10 }, (_, index) => 500 + index * 10));
    expect(played.last().slices).toMatchObject([{ slice: 5, issued: 10 }]);
  });

  test('of a trace send what the trace says', () => {
    const played = playTraffic({
      routes: [route('/users/:id'), route('/orders', { method: 'POST' })],
      plan: {
        type: 'trace',
        arrivals: [
          [0, 0, '/users/7', 0],
          [30, 1, '/orders', 12],
          [40, 0, '/users/x%20y', 99],
        ],
      },
      durationMs: 41,
    });
    played.to(1000);
    expect(played.sent).toEqual([
      { atMs: 0, line: 'GET /users/7', bodyBytes: 0 },
      { atMs: 30, line: 'POST /orders', bodyBytes: 12 },
      { atMs: 40, line: 'GET /users/x%20y', bodyBytes: 0 },
    ]);
    expect(played.last()).toMatchObject({ ok: 3, done: true });
  });
});

test('a user whose requests fail at once leaves time for everything else', () => {
  const played = playTraffic({ plan: constant(2), durationMs: 50, answer: () => 'refused' });
  vi.advanceTimersToNextTimer();
  expect(played.to(20).failed).toBeGreaterThan(2);
  played.to(100);
  const { issued, failed, iterations } = played.last();
  expect(failed).toBe(issued);
  expect(iterations.completed).toBe(issued);
});

test('what is recorded can be replayed, whichever way it came to be', () => {
  const routes = [
    route('/users/:id', { parameters: [{ name: 'id', keys: 50, skew: 1 }] }),
    route('/orders', { method: 'POST', bodyBytes: { type: 'uniform', minBytes: 0, maxBytes: 900 } }),
  ];
  const session = { order: 'mix', requests: 3, thinkTime: { type: 'fixed', valueMs: 30 } } as const;
  const answer = (n: number) => ({ afterMs: (n * 7) % 40 });
  const first = playTraffic({ routes, session, plan: constant(5), gracefulStopMs: 500, recordArrivals: true, answer });
  first.to(5000);
  const { arrivals, leftOut } = first.traffic.recorded();
  expect(leftOut).toBe(0);
  const again = playTraffic({ routes, plan: { type: 'trace', arrivals }, durationMs: 2000, recordArrivals: true });
  again.to(5000);
  expect(again.traffic.recorded().arrivals).toEqual(arrivals);
  const requests = ({ sent }: typeof first) => sent.map(({ line, bodyBytes }) => [line, bodyBytes]);
  expect(requests(again)).toEqual(requests(first));
  expect(again.sent.length).toBeGreaterThan(50);
});
