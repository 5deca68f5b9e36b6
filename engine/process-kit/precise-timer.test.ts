import { expect, test } from 'vitest';
import { createPreciseTimer } from './precise-timer.ts';
import { createTimeQueue } from './time-queue.ts';

test('a time queue gives its jobs back by time, and in their order where the time is the same', () => {
  const queue = createTimeQueue();
  const seen: string[] = [];
  for (const [atMs, name] of [
    [5, 'a'],
    [1, 'b'],
    [5, 'c'],
    [3, 'd'],
    [1, 'e'],
    [5, 'f'],
  ] as const)
    queue.add(atMs, () => seen.push(name));
  expect([queue.earliestMs(), queue.secondMs()]).toEqual([1, 1]);
  while (queue.earliestMs() < Number.POSITIVE_INFINITY) queue.take()();
  expect(seen.join('')).toBe('bedacf');
  expect(() => queue.take()).toThrow('empty');
});

test('jobs run in the order of their times, none is lost, none runs early', async () => {
  const timer = createPreciseTimer();
  const startMs = performance.now();
  const latenessMs: number[] = [];
  const order: number[] = [];
  await new Promise<void>((resolve) => {
    // Scheduled back to front, so that nearly each is sooner than the one that the thread sleeps for.
    for (let i = 299; i >= 0; i -= 1)
      timer.schedule(startMs + 20 + i * 0.7, () => {
        latenessMs.push(performance.now() - (startMs + 20 + i * 0.7));
        if (order.push(i) === 300) resolve();
      });
  });
  timer.close();
  expect(order).toEqual(Array.from({ length: 300 }, (_, i) => i));
  expect(Math.min(...latenessMs)).toBeGreaterThan(-0.01);
});

test('a job may schedule the next, in the past too', async () => {
  const timer = createPreciseTimer();
  let left = 200;
  await new Promise<void>((resolve) => {
    const next = (): void => {
      left -= 1;
      if (left === 0) resolve();
      else timer.schedule(performance.now() + (left % 2 === 0 ? 0.3 : -5), next);
    };
    timer.schedule(performance.now(), next);
  });
  timer.close();
  expect(left).toBe(0);
});

test('after a pause in which nothing was scheduled, the next job still runs', async () => {
  const timer = createPreciseTimer();
  const after = (delayMs: number): Promise<number> =>
    new Promise((resolve) => {
      const atMs = performance.now() + delayMs;
      timer.schedule(atMs, () => resolve(performance.now() - atMs));
    });
  await after(50);
  await new Promise((resolve) => setTimeout(resolve, 60));
  for (let i = 0; i < 20; i += 1) expect(await after(2)).toBeGreaterThan(-0.01);
  timer.close();
});

test('a cancelled job does not run, and the others do', async () => {
  const timer = createPreciseTimer();
  const ran: string[] = [];
  const atMs = performance.now() + 10;
  timer.schedule(atMs, () => ran.push('first'));
  const cancel = timer.schedule(atMs, () => ran.push('cancelled'));
  cancel();
  await new Promise<void>((resolve) => timer.schedule(atMs + 1, resolve));
  timer.close();
  expect(ran).toEqual(['first']);
});

test('a caller that is awake anyhow runs what is due, once, and nothing that is not', async () => {
  const timer = createPreciseTimer();
  const ran: string[] = [];
  const atMs = performance.now() + 20;
  timer.schedule(atMs + 30, () => ran.push('later'));
  timer.schedule(atMs, () => ran.push('due'));
  timer.poll(performance.now());
  expect(ran).toEqual([]);
  while (performance.now() < atMs) timer.poll(performance.now());
  timer.poll(performance.now());
  expect(ran).toEqual(['due']);
  await new Promise<void>((resolve) => timer.schedule(atMs + 31, resolve));
  timer.close();
  expect(ran).toEqual(['due', 'later']);
});

test('jobs that come by the ten thousand a second share alarms, in order and without loss', async () => {
  const timer = createPreciseTimer();
  const startMs = performance.now() + 20;
  const order: number[] = [];
  await new Promise<void>((resolve) => {
    for (let i = 0; i < 4000; i += 1)
      timer.schedule(startMs + i / 40, () => {
        if (order.push(i) === 4000) resolve();
      });
  });
  timer.close();
  expect(order).toEqual(Array.from({ length: 4000 }, (_, i) => i));
});

test('nothing runs after the timer is closed', async () => {
  const timer = createPreciseTimer();
  let ran = false;
  timer.schedule(performance.now() + 10, () => {
    ran = true;
  });
  timer.close();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(ran).toBe(false);
});
