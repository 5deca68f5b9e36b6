import { expect, test } from 'vitest';
import { seededRandom } from '../faults/random.ts';
import { CallFailure } from './call-failure.ts';
import { createDeployedVersion } from './deployed-version.ts';

test('a version that fails requests fails its share of them, at its own node', async () => {
  const version = { name: 'v2', behaviour: { type: 'errors', ratio: 0.3 } } as const;
  const deployed = createDeployedVersion(version, 'orders', seededRandom(7));
  let failed = 0;
  for (let request = 0; request < 2000; request += 1)
    await deployed
      .run(async () => 'done')
      .catch((error: unknown) => {
        expect(error).toBeInstanceOf(CallFailure);
        expect(error).toMatchObject({ reason: 'handler-error', hop: 'orders' });
        failed += 1;
      });
  // Four standard deviations of a binomial distribution.
  expect(Math.abs(failed / 2000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 2000));
});

test('a slow version takes its factor longer, also for what fails', async () => {
  const deployed = createDeployedVersion({ name: 'v2', behaviour: { type: 'slow', factor: 4 } }, 'orders');
  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const fromMs = performance.now();
    await deployed.run(work).catch(() => {});
    return performance.now() - fromMs;
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  expect(await took(pause)).toBeGreaterThan(75);
  expect(await took(() => pause().then(() => Promise.reject(new Error('no'))))).toBeGreaterThan(75);
});

test('a good version, and none at all, are in nobody’s way', async () => {
  for (const version of [undefined, { name: 'v1', behaviour: { type: 'ok' } } as const])
    expect(await createDeployedVersion(version, 'orders', () => 0).run(async () => 'done')).toBe('done');
});
