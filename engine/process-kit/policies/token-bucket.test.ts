import { expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

const takeAll = (bucket: { take(): boolean }): number => {
  let taken = 0;
  while (bucket.take()) taken += 1;
  return taken;
};

it('allows its burst at once, and then its rate', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ ratePerSec: 20, burst: 5, now: () => nowMs });
  expect(takeAll(bucket)).toBe(5);
  nowMs = 49;
  expect(takeAll(bucket)).toBe(0);
  nowMs = 50;
  expect(takeAll(bucket)).toBe(1);
  nowMs = 60_000;
  expect(takeAll(bucket)).toBe(5);
});

it('allows exactly its rate over a long time, however often it is asked', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ ratePerSec: 30, burst: 1, now: () => nowMs });
  let taken = 0;
  for (nowMs = 0; nowMs <= 100_000; nowMs += 1) if (bucket.take()) taken += 1;
  // 30 a second for 100 s and the one that was there; a token that is due between two milliseconds is taken at the next.
  expect(taken).toBeGreaterThan(2900);
  expect(taken).toBeLessThanOrEqual(3001);
});

it('gains what is put in, up to its rim: ten tenths make one', () => {
  const bucket = createTokenBucket({ ratePerSec: 0, burst: 2, now: () => 0 });
  expect(takeAll(bucket)).toBe(2);
  for (let i = 0; i < 10; i += 1) bucket.put(0.1);
  expect(takeAll(bucket)).toBe(1);
  bucket.put(100);
  expect(takeAll(bucket)).toBe(2);
});
