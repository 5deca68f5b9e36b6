import { expect, it } from 'vitest';
import { createFakeClock } from '../clock.fixture.ts';
import { createPassiveChecks } from './passive-health.ts';

const world = (maxFailures = 3, failTimeMs = 1000) => {
  const clock = createFakeClock();
  return { clock, checks: createPassiveChecks<string>({ maxFailures, failTimeMs }, clock.now) };
};

it('takes a replica out after so many failures within the time, for that time', async () => {
  const { clock, checks } = world();
  checks.record('a', 'unreachable');
  await clock.advance(400);
  checks.record('a', 'unreachable');
  expect(checks.isDown('a')).toBe(false);
  checks.record('a', 'unreachable');
  expect(checks.isDown('a')).toBe(true);
  await clock.advance(999);
  expect(checks.isDown('a')).toBe(true);
  await clock.advance(1);
  expect(checks.isDown('a')).toBe(false);
});

it('does not add up failures that lie further apart', async () => {
  const { clock, checks } = world(2);
  for (let round = 0; round < 10; round += 1) {
    checks.record('a', 'unreachable');
    expect(checks.isDown('a')).toBe(false);
    await clock.advance(1000);
  }
});

it('lets one request try it when the time is over, and that one decides', async () => {
  const { clock, checks } = world(1);
  checks.record('a', 'unreachable');
  await clock.advance(1000);
  checks.sent('a');
  expect(checks.isDown('a')).toBe(true);
  checks.record('a', 'unreachable');
  await clock.advance(999);
  expect(checks.isDown('a')).toBe(true);
  await clock.advance(1);
  checks.sent('a');
  checks.record('a', 'ok');
  expect(checks.isDown('a')).toBe(false);
});

it('takes an answer with an error as a sign of life, and one that was given up as no sign at all', () => {
  const { checks } = world(1);
  checks.record('a', 'failed');
  checks.record('a', 'unknown');
  expect(checks.isDown('a')).toBe(false);
});
