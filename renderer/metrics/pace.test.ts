import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

/** Ten pictures a second for a second, each of which takes so long to show. */
function play(costMs: number): { shown: number[]; busyMs: number } {
  let nowMs = 0;
  const shown: number[] = [];
  const timers: { atMs: number; run(): void }[] = [];
  const pace = createPace(
    (picture: number) => {
      shown.push(picture);
      nowMs += costMs;
    },
    { nowMs: () => nowMs, after: (delayMs, run) => void timers.push({ atMs: nowMs + delayMs, run }) },
  );
  const runUntil = (atMs: number): void => {
    for (let timer = timers[0]; timer && timer.atMs <= atMs; timer = timers[0]) {
      timers.shift();
      nowMs = Math.max(nowMs, timer.atMs);
      timer.run();
    }
    nowMs = Math.max(nowMs, atMs);
  };
  for (let picture = 0; picture < 10; picture += 1) {
    runUntil(picture * 100);
    pace(picture);
  }
  runUntil(5000);
  return { shown, busyMs: shown.length * costMs };
}

it('shows every picture that costs little', () => {
  expect(play(2).shown).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it('shows fewer that cost much, always the newest, and the last one in the end', () => {
  const { shown, busyMs } = play(15);
  expect(shown.length).toBeLessThanOrEqual(5);
  expect(shown.at(-1)).toBe(9);
  expect(busyMs).toBeLessThanOrEqual(75);
  expect([...shown].sort((a, b) => a - b)).toEqual(shown);
});
