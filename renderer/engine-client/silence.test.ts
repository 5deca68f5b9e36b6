import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSilence } from './silence.ts';

describe('the silence of an engine', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told once after five seconds without a word, and ends with the next word', () => {
    const told: string[] = [];
    const silence = createSilence({ onSilent: () => told.push('silent'), onHeard: () => told.push('heard') });
    for (let second = 0; second < 8; second += 1) {
      vi.advanceTimersByTime(1000);
      silence.heard();
    }
    vi.advanceTimersByTime(4900);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(5000);
    expect(told).toEqual(['silent']);
    silence.heard();
    silence.heard();
    expect(told).toEqual(['silent', 'heard']);
    vi.advanceTimersByTime(5000);
    expect(told).toEqual(['silent', 'heard', 'silent']);
    silence.end();
  });

  it('is not counted while this window itself slept', () => {
    const told: string[] = [];
    const silence = createSilence({ onSilent: () => told.push('silent'), onHeard: () => told.push('heard') });
    // The clock runs on, but its timer has no turn.
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([]);
    silence.end();
  });
});
