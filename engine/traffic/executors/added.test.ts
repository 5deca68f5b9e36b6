import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { constantCurve } from '../../model/curve.ts';
import type { StartTraffic } from '../../process-kit/protocol.ts';
import { type Spike, trafficHooks } from '../../process-kit/traffic-hooks.ts';
import { playTraffic, route } from '../scripted-traffic.fixture.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance', 'Date'] });
});
afterEach(() => {
  trafficHooks.spikes.clear();
  vi.useRealTimers();
});

type Played = ReturnType<typeof playTraffic>;

function begin({ traffic }: Played, factor: number, seed = 5): Spike {
  const spike: Spike = { factor, seed, added: 0, users: 0 };
  trafficHooks.spikes.add(spike);
  traffic.followSpikes();
  return spike;
}
function end({ traffic }: Played, spike: Spike): void {
  trafficHooks.spikes.delete(spike);
  traffic.followSpikes();
}
const arrivals = (kind: 'uniform' | 'poisson', ratePerSec = 100): StartTraffic['plan'] => ({
  type: 'arrivals',
  arrivals: kind,
  ratePerSec: constantCurve(ratePerSec),
  maxVUs: null,
});
const between = ({ sent }: Played, fromMs: number, toMs: number): number =>
  sent.filter(({ atMs }) => atMs > fromMs && atMs <= toMs).length;

test('a spike adds evenly spaced arrivals, exactly factor − 1 for each of the plan, and none before or after', () => {
  const played = playTraffic({ plan: arrivals('uniform') });
  played.to(205);
  const spike = begin(played, 3);
  played.to(605);
  end(played, spike);
  played.to(2000);
  expect(between(played, -1, 205)).toBe(21);
  expect(between(played, 205, 605)).toBe(40 + 80);
  expect(between(played, 605, 1000)).toBe(39);
  expect(spike.added).toBe(80);
  expect(played.last()).toMatchObject({
    scheduled: 180,
    issued: 180,
    ok: 180,
    dropped: 0,
    iterations: { scheduled: 180, started: 180, completed: 180, dropped: 0, running: 0 },
  });
});

test('a factor that grows adds what lies below its curve, with nothing lost between its steps', () => {
  const played = playTraffic({ plan: arrivals('uniform') });
  const spike = begin(played, 1);
  for (let step = 1; step <= 10; step += 1) {
    played.to(50 * step);
    spike.factor = 1 + step * 0.3;
    played.traffic.followSpikes();
  }
  played.to(2000);
  // 100 a second: 5 of the plan in each of 9 steps, times the mean of 0.3 to 2.7; then 500 ms at a factor of 4.
  const expected = 5 * 0.3 * 45 + 50 * 3;
  expect(Math.abs(spike.added - expected)).toBeLessThanOrEqual(1);
});

test('what the plan brings is the same with a spike as without, and the same spike adds the same', () => {
  const routes = [route('/items/:id', { parameters: [{ name: 'id', keys: 1000, skew: 0 }] })];
  const play = (factor: number | null): string[] => {
    const played = playTraffic({ plan: arrivals('poisson', 200), routes, seed: 4 });
    if (factor !== null) begin(played, factor);
    played.to(2000);
    trafficHooks.spikes.clear();
    return played.sent.map(({ atMs, line }) => `${atMs} ${line}`);
  };
  const plain = play(null);
  const spiked = play(2.5);
  expect(spiked.filter((sent) => plain.includes(sent))).toEqual(plain);
  expect(spiked.length / plain.length).toBeGreaterThan(2);
  expect(spiked.length / plain.length).toBeLessThan(3);
  expect(play(2.5)).toEqual(spiked);
});

test('what a spike adds is spread over routes and keys as what the plan brings', () => {
  const routes = [route('/plain'), route('/items/:id', { parameters: [{ name: 'id', keys: 5, skew: 0 }] })];
  const played = playTraffic({ plan: arrivals('uniform', 20), routes, durationMs: 4000 });
  begin(played, 11);
  played.to(4000);
  const times = (line: string): number => played.sent.filter((sent) => sent.line === line).length;
  // 880 requests: half of them for each route, and a fifth of these for each key; five standard deviations.
  expect(Math.abs(times('GET /plain') - 440)).toBeLessThan(5 * Math.sqrt(880 / 4));
  for (const key of [1, 2, 3, 4, 5])
    expect(Math.abs(times(`GET /items/${key}`) - 88)).toBeLessThan(5 * Math.sqrt(88 * 0.9));
});

test('a spike of Poisson arrivals whose factor is set anew all the time is no larger for it', () => {
  const played = playTraffic({ plan: arrivals('poisson', 500), durationMs: 4000 });
  const spike = begin(played, 2);
  for (let atMs = 10; atMs <= 4000; atMs += 10) {
    played.to(atMs);
    played.traffic.followSpikes();
  }
  // 2000 expected; five standard deviations.
  expect(Math.abs(spike.added - 2000)).toBeLessThan(5 * Math.sqrt(2000));
});

test('a spike beyond the virtual users of a rate is dropped, and counted', () => {
  const plan: StartTraffic['plan'] = { ...arrivals('uniform'), type: 'arrivals', maxVUs: 2 } as StartTraffic['plan'];
  const played = playTraffic({ plan, answer: () => ({ afterMs: 20 }) });
  begin(played, 4);
  const { scheduled, issued, dropped, iterations } = played.to(3000);
  expect(dropped).toBeGreaterThan(100);
  expect(scheduled).toBe(issued + dropped);
  expect(iterations.scheduled).toBe(iterations.started + iterations.dropped);
});

test('a spike brings further users, who leave when it goes', () => {
  const played = playTraffic({
    plan: { type: 'vus', vus: constantCurve(4), gracefulRampDownMs: 0 },
    session: { order: 'mix', requests: 1, thinkTime: { type: 'fixed', valueMs: 80 } },
    answer: () => ({ afterMs: 20 }),
  });
  expect(played.to(150).vus).toBe(4);
  const spike = begin(played, 2.5);
  expect(played.to(450)).toMatchObject({ vus: 10 });
  expect(spike).toMatchObject({ users: 6, added: 6 * 4 });
  end(played, spike);
  expect(played.to(550)).toMatchObject({ vus: 4, iterations: { running: 0 } });
  expect(spike.users).toBe(0);
  const { issued, ok, iterations } = played.to(3000);
  expect(issued).toBe(ok);
  expect(iterations).toMatchObject({ interrupted: 0, running: 0 });
});

test('a plan of so many iterations ends after them, whatever a spike adds beside', () => {
  const played = playTraffic({
    plan: { type: 'iterations', vus: 2, iterations: 20, shared: true },
    session: { order: 'mix', requests: 1, thinkTime: { type: 'fixed', valueMs: 10 } },
    durationMs: 60_000,
    gracefulStopMs: 1000,
    answer: () => ({ afterMs: 10 }),
  });
  const spike = begin(played, 3);
  const { iterations, done } = played.to(5000);
  expect(done).toBe(true);
  expect(spike.added).toBeGreaterThan(20);
  expect(iterations).toMatchObject({ started: 20 + spike.added, dropped: 0, running: 0 });
});

test('of a replayed trace each arrival comes as often as the factor says', () => {
  const played = playTraffic({
    plan: { type: 'trace', arrivals: Array.from({ length: 200 }, (_, index) => [index * 4, 0, `/${index}`, 0]) },
  });
  const spike = begin(played, 2.5);
  played.to(3000);
  for (let index = 0; index < 200; index += 1) {
    const times = played.sent.filter(({ line }) => line === `GET /${index}`).length;
    expect([2, 3]).toContain(times);
  }
  expect(Math.abs(spike.added - 300)).toBeLessThan(5 * Math.sqrt(50));
});
