import { expect, test } from 'vitest';
import type { FaultCourse } from '../model/fault.ts';
import type { Clock } from './clock.ts';
import { type Activity, withCourse } from './course.ts';
import type { Injector } from './inject.ts';
import { selectFrom } from './select.ts';
import { untilAborted } from './until-aborted.ts';

/** A clock that only the test moves. */
function fakeClock() {
  let nowMs = 0;
  let jobs: { atMs: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    schedule(afterMs, run) {
      const job = { atMs: nowMs + Math.max(0, afterMs), run };
      jobs.push(job);
      return () => {
        jobs = jobs.filter((other) => other !== job);
      };
    },
  };
  /** What hangs from promises runs between two jobs. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    jobs: () => jobs.length,
    async advanceTo(untilMs: number) {
      for (;;) {
        await settle();
        const [next] = [...jobs].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) break;
        nowMs = next.atMs;
        jobs = jobs.filter((job) => job !== next);
        next.run();
      }
      nowMs = untilMs;
      await settle();
    },
  };
}

type Parameters = { latencyMs: number };

/** A fault that only writes down what is done with it. */
function written(clock: Clock) {
  const log: string[] = [];
  const inject: Injector<string, Parameters> = async (_target, { latencyMs }, { signal }) => {
    log.push(`${clock.now()} on ${latencyMs}`);
    return {
      proveEffect: async () => ({ holds: true, evidence: `seen at ${clock.now()}` }),
      proveRemoval: async () => ({ holds: true, evidence: 'gone' }),
      undone: untilAborted(signal).then(() => void log.push(`${clock.now()} off`)),
      async update(changed) {
        log.push(`${clock.now()} to ${Math.round((changed as Parameters).latencyMs)}`);
      },
    };
  };
  return { log, inject: inject as Injector<string, unknown> };
}

function begin(course: Partial<FaultCourse>, definition: { ramps?: Record<string, number> } = {}) {
  const time = fakeClock();
  const fault = written(time.clock);
  const activities: Activity[] = [];
  const aborter = new AbortController();
  const inject = withCourse(fault.inject, {
    course: { probability: 1, ...course },
    definition,
    clock: time.clock,
    onActivity: (activity) => activities.push({ ...activity }),
  });
  const given = {
    id: 'f',
    signal: aborter.signal,
    seed: 7,
    probability: 1,
    expiresAtMs: 1e9,
    platform: 'linux' as const,
  };
  return { ...time, ...fault, activities, aborter, begun: inject('x', { latencyMs: 100 }, given) };
}

test('without a schedule it is on from its beginning to its end', async () => {
  const { begun, advanceTo, aborter, log, activities } = begin({});
  const { undone } = await begun;
  await advanceTo(1000);
  aborter.abort();
  await undone;
  expect(log).toEqual(['0 on 100', '1000 off']);
  expect(activities).toEqual([]);
});

test('"at" begins once, later', async () => {
  const { begun, advanceTo, aborter, log, activities } = begin({ schedule: { type: 'at', afterMs: 300 } });
  const { undone, proveEffect } = await begun;
  expect(activities).toEqual([{ active: false, activations: 0, nextAtMs: 300 }]);
  await advanceTo(1000);
  expect(await proveEffect()).toMatchObject({ evidence: 'seen at 300' });
  aborter.abort();
  await undone;
  expect(log).toEqual(['300 on 100', '1000 off']);
});

test('"every" is on at the beginning of each period, and nothing stays scheduled at its end', async () => {
  const { begun, advanceTo, aborter, log, jobs } = begin({ schedule: { type: 'every', periodMs: 500, onMs: 200 } });
  const { undone } = await begun;
  await advanceTo(1100);
  aborter.abort();
  await undone;
  expect(log).toEqual(['0 on 100', '200 off', '500 on 100', '700 off', '1000 on 100', '1100 off']);
  expect(jobs()).toBe(0);
});

test('"random" draws its gaps and what is left out from the seed, so that it replays', async () => {
  const run = async (): Promise<string[]> => {
    const { begun, advanceTo, aborter, log } = begin({
      schedule: { type: 'random', meanGapMs: 100, onMs: 50 },
      probability: 0.5,
    });
    const { undone } = await begun;
    await advanceTo(60_000);
    aborter.abort();
    await undone;
    return log;
  };
  const log = await run();
  expect(await run()).toEqual(log);
  // 400 times in 60 s on average, half of them drawn: 200 with a standard deviation below 15.
  expect(Math.abs(log.length / 2 - 200)).toBeLessThan(90);
});

test('a ramp grows from no effect to the full one, and its effect is proven then', async () => {
  const { begun, advanceTo, aborter, log } = begin({ rampMs: 400 }, { ramps: { latencyMs: 0 } });
  const { undone, proveEffect } = await begun;
  const proof = proveEffect();
  await advanceTo(1000);
  expect(await proof).toMatchObject({ evidence: 'seen at 400' });
  aborter.abort();
  await undone;
  expect(log).toEqual(['0 on 0', '100 to 25', '200 to 50', '300 to 75', '400 to 100', '1000 off']);
});

test('a fault that ends while it waits for its turn was never on, and says so', async () => {
  const { begun, advanceTo, aborter, log } = begin({ schedule: { type: 'at', afterMs: 5000 } });
  const { undone, proveRemoval } = await begun;
  await advanceTo(100);
  aborter.abort();
  await undone;
  expect(log).toEqual([]);
  expect(await proveRemoval()).toEqual({ holds: false, evidence: 'it was never on' });
});

test('a selection is drawn from the seed, keeps the order, and is never empty', () => {
  const members = ['a', 'b', 'c', 'd', 'e'];
  expect(selectFrom(members, 'all', 1)).toEqual(members);
  expect(selectFrom(members, 'one', 1)).toHaveLength(1);
  expect(selectFrom(members, { percent: 40 }, 1)).toHaveLength(2);
  expect(selectFrom(members, { percent: 1 }, 1)).toHaveLength(1);
  expect(selectFrom(members, { fixed: 9 }, 1)).toEqual(members);
  expect(selectFrom(members, { fixed: 3 }, 5)).toEqual(selectFrom(members, { fixed: 3 }, 5));
  const drawn = new Set(Array.from({ length: 50 }, (_, seed) => selectFrom(members, 'one', seed)[0]));
  expect(drawn.size).toBe(5);
  expect(selectFrom([], 'one', 1)).toEqual([]);
});
