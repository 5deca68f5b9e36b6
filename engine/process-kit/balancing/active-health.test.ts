import { expect, it } from 'vitest';
import { createFakeClock } from '../clock.fixture.ts';
import { createActiveChecks } from './active-health.ts';

const settings = { intervalMs: 1000, timeoutMs: 500, healthyThreshold: 3, unhealthyThreshold: 2 };

function world() {
  const clock = createFakeClock();
  const asked: { id: string; atMs: number }[] = [];
  const answers = new Map<string, boolean>();
  const checks = createActiveChecks<string>(settings, {
    clock,
    check: async (id) => {
      asked.push({ id, atMs: clock.now() });
      return answers.get(id) ?? true;
    },
  });
  return { clock, asked, answers, checks };
}

it('asks each replica at once and then at every interval', async () => {
  const { clock, asked, checks } = world();
  checks.watch(['a', 'b']);
  await clock.advance(3500);
  expect(asked.filter(({ id }) => id === 'a').map(({ atMs }) => atMs)).toEqual([0, 1000, 2000, 3000]);
  expect(asked).toHaveLength(8);
});

it('takes a replica out after the unhealthy threshold in a row, and back after the healthy one', async () => {
  const { clock, answers, checks } = world();
  checks.watch(['a']);
  await clock.advance(500);
  answers.set('a', false);
  await clock.advance(1000);
  expect(checks.isHealthy('a')).toBe(true);
  await clock.advance(1000);
  expect(checks.isHealthy('a')).toBe(false);
  answers.set('a', true);
  await clock.advance(2000);
  expect(checks.isHealthy('a')).toBe(false);
  await clock.advance(1000);
  expect(checks.isHealthy('a')).toBe(true);
});

it('forgets a single failure when the next check is good', async () => {
  const { clock, answers, checks } = world();
  checks.watch(['a']);
  for (let round = 0; round < 5; round += 1) {
    answers.set('a', false);
    await clock.advance(1000);
    answers.set('a', true);
    await clock.advance(1000);
    expect(checks.isHealthy('a')).toBe(true);
  }
});

it('counts the interval from the start of a check, so that slow answers do not thin them out', async () => {
  const clock = createFakeClock();
  const asked: number[] = [];
  const checks = createActiveChecks<string>(settings, {
    clock,
    check: () => {
      asked.push(clock.now());
      return new Promise((resolve) => clock.schedule(400, () => resolve(true)));
    },
  });
  checks.watch(['a']);
  await clock.advance(3200);
  expect(asked).toEqual([0, 1000, 2000, 3000]);
});

it('asks nobody that is gone, and nobody at all when it has stopped', async () => {
  const { clock, asked, checks } = world();
  checks.watch(['a', 'b']);
  await clock.advance(100);
  checks.watch(['b']);
  await clock.advance(2000);
  expect(asked.filter(({ id }) => id === 'a')).toHaveLength(1);
  checks.stop();
  const before = asked.length;
  await clock.advance(10_000);
  expect(asked).toHaveLength(before);
});
