import { probeNow } from '../probe-now.ts';
import type { Action } from './define-action.ts';

const POLL_MS = 200;

export const wait: Action<'wait'> = async (course, { durationMs }, result) => {
  result.begunAtMs = course.world.now();
  await course.wait(durationMs);
  return true;
};

/** Goes on as soon as a probe holds. When it does not in time there is nothing to learn from going on. */
export const waitUntil: Action<'wait-until'> = async (course, { probe, timeoutMs }, result) => {
  const { world, journal } = course;
  const latestMs = world.now() + timeoutMs;
  journal.write(`waiting until "${probe.name}" holds, for at most ${timeoutMs} ms`);
  for (;;) {
    const measured = await probeNow(course, probe);
    course.measured(measured);
    if (measured.holds && !measured.inconclusive) {
      result.begunAtMs = world.now();
      journal.write(`"${probe.name}" holds: ${measured.observed}`);
      return true;
    }
    if (world.now() >= latestMs) {
      result.error = `"${probe.name}" did not hold within ${timeoutMs} ms: ${measured.observed}, must be ${measured.wanted}`;
      journal.write(result.error);
      return false;
    }
    await course.wait(Math.min(POLL_MS, latestMs - world.now()));
  }
};

/** Goes on as soon as another step has begun or ended. */
export const waitFor: Action<'wait-for'> = async (course, { step, until, timeoutMs }, result) => {
  const { world, steps } = course;
  const latestMs = world.now() + timeoutMs;
  for (;;) {
    const other = steps.find(({ name }) => name === step);
    if (other && (until === 'begun' ? other.begunAtMs : other.endedAtMs) !== null) {
      result.begunAtMs = world.now();
      return true;
    }
    if (world.now() >= latestMs) {
      result.error = `the step "${step}" had not ${until} within ${timeoutMs} ms`;
      course.journal.write(result.error);
      return false;
    }
    await course.wait(Math.min(POLL_MS, latestMs - world.now()));
  }
};
