import { expect, test } from 'vitest';
import { createSharedClock } from './shared-clock.ts';

test('one offset serves until the wall clock jumps, so that spans keep their order', () => {
  const clocks = { wall: 1_000_000, shared: 500 };
  const epochMs = createSharedClock({ wallMs: () => clocks.wall, sharedMs: () => clocks.shared });
  expect(epochMs(500)).toBe(1_000_000);
  // The wall clock is a whole number of milliseconds, and is slewed: that moves no span.
  clocks.wall += 11;
  clocks.shared += 10;
  expect(epochMs(510)).toBe(1_000_010);
  clocks.wall += 3_600_000;
  expect(epochMs(510)).toBe(1_000_011 + 3_600_000);
});
