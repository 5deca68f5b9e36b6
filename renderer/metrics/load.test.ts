import { describe, expect, it } from 'vitest';
import type { NodeStatus } from '../../engine/api/types.ts';
import { createSaturation, type Load, loadOf } from './load.ts';

const replica = { state: 'ready' } as NodeStatus['replicas'][number];
const seen = (part: Partial<Parameters<typeof loadOf>[0]>) => ({
  measures: {},
  replicas: [replica, replica],
  limit: null,
  cpuUse: 0.1,
  ...part,
});

describe('the load of a node', () => {
  it('is what is used up most', () => {
    expect(loadOf(seen({}))).toEqual({ by: 'CPU', share: 0.1 });
    expect(loadOf(seen({ measures: { slotUtilisation: 0.7 } }))).toEqual({ by: 'slots', share: 0.7 });
    expect(loadOf(seen({ measures: { connectionUse: 0.5, slotUtilisation: 0.2 } })).by).toBe('connections');
  });

  it('counts the slots that are busy now, over all replicas', () => {
    const busy = seen({ measures: { busySlots: 8, slotUtilisation: 0.2 } });
    expect(loadOf(busy, { concurrency: 4 })).toEqual({ by: 'slots', share: 0.95 });
    expect(loadOf(busy, { concurrency: 16 }).share).toBeCloseTo(0.2375);
  });

  it('is nearly full when a good part of the queue is taken', () => {
    const waiting = (count: number) => loadOf(seen({ measures: { waiting: count } }), { queue: { limit: 10 } });
    expect(waiting(3).by).toBe('queue');
    expect(waiting(6)).toEqual({ by: 'queue', share: 0.97 });
    expect(waiting(20).share).toBe(1);
  });

  it('is high where the engine found the limit that binds, but not for the limit of a callee', () => {
    expect(loadOf(seen({ limit: { limit: 'locks', edge: null, detail: '' } }))).toEqual({ by: 'locks', share: 0.9 });
    expect(loadOf(seen({ limit: { limit: 'callee', edge: 'a-b', detail: '' } })).share).toBe(0.1);
  });
});

describe('saturation on a card', () => {
  /** Ten frames a second. */
  const read = (loads: readonly number[]) => {
    const saturation = createSaturation();
    return loads.map((share, tick) => saturation.add(tick * 100, { share, by: 'slots' } satisfies Load));
  };

  it('warns well before a load that grows steadily has used everything up', () => {
    // From a fifth to all of it in eight seconds.
    const readings = read(Array.from({ length: 81 }, (_, tick) => 0.2 + tick / 100));
    const warnedAt = readings.findIndex(({ level }) => level === 'warning');
    expect(warnedAt).toBeGreaterThan(0);
    expect(80 - warnedAt).toBeGreaterThanOrEqual(12);
    expect(readings.at(-1)?.level).not.toBe('calm');
  });

  it('does not flicker with a load that jumps about', () => {
    const readings = read(Array.from({ length: 100 }, (_, tick) => (tick % 2 === 0 ? 0.62 : 0.95)));
    const changes = readings.filter(({ level }, index) => index > 20 && level !== readings[index - 1]?.level);
    expect(changes).toEqual([]);
    const shares = readings.slice(20).map(({ share }) => share);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThan(0.08);
  });

  it('comes down slowly enough to be read, and does come down', () => {
    const readings = read([...new Array(20).fill(1), ...new Array(150).fill(0)]);
    expect(readings[30]?.level).not.toBe('calm');
    expect(readings.at(-1)).toMatchObject({ level: 'calm' });
    expect(readings.at(-1)?.share).toBeLessThan(0.01);
  });
});
