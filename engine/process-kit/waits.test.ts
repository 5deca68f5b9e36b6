import { describe, expect, it } from 'vitest';
import { createRandom } from '../traffic/random.ts';
import { createWaits } from './waits.ts';

type Wait = (durationMs: number) => Promise<void>;

/** Sends waits at a steady pace, each of them as long as chance wants, and tells by how much they missed. */
async function errorsOf(wait: Wait, { seed, count }: { seed: number; count: number }): Promise<number[]> {
  const random = createRandom(seed);
  const errors: number[] = [];
  const all: Promise<void>[] = [];
  for (let i = 0; i < count; i += 1) {
    const durationMs = -8 * Math.log(1 - random());
    const startMs = performance.now();
    all.push(wait(durationMs).then(() => void errors.push(performance.now() - startMs - durationMs)));
    if (i % 4 === 3) await new Promise((resolve) => setTimeout(resolve, 2 + Math.floor(random() * 8)));
  }
  await Promise.all(all);
  return errors;
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * values.length)] as number;

const timeout: Wait = (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs));

describe('waits', () => {
  it.skipIf(process.platform === 'win32')('are right on average, and most of them nearer than timers', async () => {
    const { wait } = createWaits();
    await errorsOf(wait, { seed: 1, count: 300 });
    let [mean, ours, timers] = [Number.NaN, Number.NaN, Number.NaN];
    // What a wait has of itself is there in every round; what a busy computer adds is not.
    for (let round = 0; round < 5; round += 1) {
      const [own, others] = await Promise.all([
        errorsOf(wait, { seed: 2 + 2 * round, count: 1000 }),
        errorsOf(timeout, { seed: 3 + 2 * round, count: 1000 }),
      ]);
      // What is over a millisecond off was held up by the computer; of the rest the mean is what is corrected.
      mean = own.reduce((sum, error) => sum + Math.max(-1, Math.min(1, error)), 0) / own.length;
      // A quarter against a half: a busy computer delays many of both, and must not decide.
      ours = quantile(own.map(Math.abs), 0.25);
      timers = quantile(others.map(Math.abs), 0.5);
      if (Math.abs(mean) < 0.2 && ours < timers) break;
    }
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(ours).toBeLessThan(timers);
  });

  it('of no time, or less, end at once', async () => {
    const { wait } = createWaits();
    const startMs = performance.now();
    for (let i = 0; i < 1000; i += 1) await wait(i % 2 === 0 ? 0 : -1);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it('end in the order of their ends', async () => {
    const { wait } = createWaits();
    const ended: number[] = [];
    await Promise.all([200, 5, 12, 400, 12.5].map((ms) => wait(ms).then(() => ended.push(ms))));
    expect(ended).toEqual([5, 12, 12.5, 200, 400]);
  });

  it('that are over leave nothing behind that would keep the loop busy', async () => {
    const { wait } = createWaits();
    await Promise.all([wait(1), wait(4), wait(2.5)]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Immediate')).toEqual([]);
  });

  it('that end together let the event loop read in between', async () => {
    const { wait } = createWaits();
    let turns = 0;
    let running = true;
    const watch = (): void => {
      turns += 1;
      if (running) setImmediate(watch);
    };
    const all = Array.from({ length: 20_000 }, () => wait(20));
    await Promise.race(all);
    setImmediate(watch);
    await Promise.all(all);
    running = false;
    expect(turns).toBeGreaterThan(100);
  });
});
