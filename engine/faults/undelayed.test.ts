import { expect, test } from 'vitest';
import { undelayed } from './undelayed.ts';

/** Measures as it is told, one after the other, and the last one again and again. */
function measuring(...outcomes: (boolean | 'refused')[]) {
  let times = 0;
  return {
    measure: async () => {
      const outcome = outcomes[Math.min(times, outcomes.length - 1)];
      times += 1;
      return { holds: outcome === true, evidence: `${times}`, answered: outcome !== 'refused' };
    },
    times: () => times,
  };
}

test('what comes too late is measured again, until it is in time', async () => {
  const { measure, times } = measuring(false, false, true);
  expect(await undelayed(measure)).toEqual({ holds: true, evidence: '3' });
  expect(times()).toBe(3);
});

test('what is too late each time does not hold, and the last measurement says so', async () => {
  const { measure, times } = measuring(false);
  const { holds, evidence } = await undelayed(measure, { withinMs: 120 });
  expect([holds, evidence]).toEqual([false, String(times())]);
  expect(times()).toBeGreaterThan(1);
});

test('where a fault acts by chance, one that it spared shows nothing', async () => {
  const { measure, times } = measuring(false, true);
  expect(await undelayed(measure, { byChance: true })).toMatchObject({ holds: false });
  expect(times()).toBe(1);
});

test('what is refused is not late, and is not waited for', async () => {
  const { measure, times } = measuring('refused', true);
  expect(await undelayed(measure)).toEqual({ holds: false, evidence: '1' });
  expect(times()).toBe(1);
});
