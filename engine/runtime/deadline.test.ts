import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadline } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Refused at once, or answered after so long, which may be later than anybody waits. */
const refused = async (): Promise<boolean> => false;
const answering =
  (afterMs: number) =>
  (timeoutMs: number): Promise<boolean> =>
    new Promise((resolve) => setTimeout(() => resolve(afterMs <= timeoutMs), Math.min(afterMs, timeoutMs)));

/** What came of it, and after how long. */
async function outcome(healthy: (timeoutMs: number) => Promise<boolean>, leastLooks?: number) {
  const fromMs = Date.now();
  const waiting = createDeadline(5000, leastLooks)
    .untilHealthy(healthy, () => {})
    .then(
      () => 'healthy',
      ({ message }: Error) => message,
    )
    .then((said) => ({ said, seconds: Math.floor((Date.now() - fromMs) / 1000) }));
  await vi.advanceTimersByTimeAsync(60_000);
  return waiting;
}

const within = (ms: number): string => `no answer to its health check within ${ms} ms`;

test('who is refused, or not answered, is waited for until the time is over', async () => {
  expect(await outcome(refused)).toEqual({ said: within(5000), seconds: 5 });
  expect(await outcome(answering(2000))).toEqual({ said: within(5000), seconds: 5 });
  expect(await outcome(answering(900))).toEqual({ said: 'healthy', seconds: 0 });
});

test('with a least number of looks slow ones take longer, and quick ones do not', async () => {
  expect(await outcome(refused, 15)).toEqual({ said: within(5000), seconds: 5 });
  expect(await outcome(answering(2000), 15)).toEqual({ said: within(15_000), seconds: 15 });
  let looks = 0;
  const eighth = (timeoutMs: number): Promise<boolean> => {
    looks += 1;
    return answering(looks < 8 ? 2000 : 500)(timeoutMs);
  };
  expect(await outcome(eighth, 15)).toEqual({ said: 'healthy', seconds: 7 });
});
