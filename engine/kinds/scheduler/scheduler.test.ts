import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../process-kit/clock.fixture.ts';
import type { Schedule } from './config.ts';
import { createScheduler } from './scheduler.ts';

const epochMs = Date.parse('2026-01-01T00:00:00.000Z');

const schedule = (more: Partial<Schedule> = {}): Schedule => ({
  ...{ name: 'tick', expression: 'rate(1 second)', timezone: 'UTC', overlap: 'allow', graceMs: 500, timeoutMs: 1000 },
  ...{ enabled: true, steps: [], ...more },
});

/** A scheduler on a clock that the test moves; what it fires takes as long as `takesMs` says. */
function stage(schedules: Schedule[], takesMs = 0, fails: (count: number) => boolean = () => false) {
  const clock = createFakeClock();
  let skewMs = 0;
  const fired: [string, number][] = [];
  const missed: number[] = [];
  const scheduler = createScheduler({
    schedules,
    clock,
    wallMs: () => epochMs + clock.now() + skewMs,
    fire({ name }, dueMs) {
      fired.push([name, dueMs - epochMs]);
      const isFailed = fails(fired.length);
      return new Promise((resolve, reject) => {
        clock.schedule(takesMs, () => (isFailed ? reject(new Error('no')) : resolve()));
      });
    },
    onMissed: (_, dueMs) => missed.push(dueMs - epochMs),
  });
  return {
    ...{ clock, scheduler, fired, missed },
    skew(byMs: number) {
      skewMs += byMs;
    },
    addsUp() {
      const { due, fired: begun, missed: late, skipped, succeeded, failed } = scheduler.counters();
      expect(due).toBe(begun + late + skipped);
      expect(begun).toBe(succeeded + failed + scheduler.inHand);
    },
  };
}

describe('a scheduler', () => {
  it('fires each time exactly once, at its time', async () => {
    const { clock, fired, scheduler, addsUp } = stage([
      schedule(),
      schedule({ name: 'cron', expression: '*/2 * * * * *' }),
    ]);
    await clock.advance(4100);
    const at = (name: string) => fired.filter(([of]) => of === name).map(([, dueMs]) => dueMs);
    expect(at('tick')).toEqual([1000, 2000, 3000, 4000]);
    expect(at('cron')).toEqual([2000, 4000]);
    expect(scheduler.counters()).toMatchObject({ due: 6, fired: 6, missed: 0, succeeded: 6 });
    addsUp();
  });

  it('counts as missed what it notices too late, and goes on', async () => {
    const { clock, fired, missed, skew, addsUp } = stage([schedule()]);
    await clock.advance(1500);
    // As after a pause of its process: time has gone on, and nobody has looked.
    skew(5000);
    await clock.advance(1000);
    expect(missed).toEqual([2000, 3000, 4000, 5000, 6000]);
    expect(fired.map(([, dueMs]) => dueMs)).toEqual([1000, 7000]);
    addsUp();
  });

  it('fires nothing twice when the clock is set back', async () => {
    const { clock, fired, skew, addsUp } = stage([schedule()]);
    await clock.advance(3100);
    skew(-2000);
    await clock.advance(3000);
    expect(fired.map(([, dueMs]) => dueMs)).toEqual([1000, 2000, 3000, 4000]);
    addsUp();
  });

  it('is not kept busy by a clock that is set far ahead', async () => {
    const { clock, missed, fired, skew, addsUp } = stage([schedule()]);
    skew(365 * 86_400_000);
    await clock.advance(3000);
    expect(missed).toHaveLength(1000);
    expect(fired.length).toBeGreaterThanOrEqual(2);
    addsUp();
  });

  it('skips a time while the one before still runs, where it is told to', async () => {
    const skipping = stage([schedule({ overlap: 'skip' })], 2500);
    await skipping.clock.advance(6100);
    expect(skipping.fired.map(([, dueMs]) => dueMs)).toEqual([1000, 4000]);
    expect(skipping.scheduler.counters()).toMatchObject({ fired: 2, skipped: 4 });
    skipping.addsUp();
    const overlapping = stage([schedule()], 2500);
    await overlapping.clock.advance(6100);
    expect(overlapping.scheduler.counters()).toMatchObject({ fired: 6, skipped: 0, succeeded: 3 });
    expect(overlapping.scheduler.inHand).toBe(3);
    overlapping.addsUp();
  });

  it('tells failed ones from those that succeeded', async () => {
    const { clock, scheduler, addsUp } = stage([schedule()], 10, (count) => count % 3 === 0);
    await clock.advance(6500);
    expect(scheduler.counters()).toMatchObject({ fired: 6, succeeded: 4, failed: 2 });
    addsUp();
  });

  it('leaves schedules alone that stay as they are when others change, and ends those that go', async () => {
    const kept = schedule({ name: 'kept', expression: 'rate(2 seconds)' });
    const { clock, scheduler, fired } = stage([kept, schedule()]);
    await clock.advance(1500);
    scheduler.configure([kept, schedule({ enabled: false })]);
    await clock.advance(3000);
    expect(fired).toEqual([
      ['tick', 1000],
      ['kept', 2000],
      ['kept', 4000],
    ]);
  });

  it('ends when nothing is in hand any more, and fires nothing then', async () => {
    const { clock, scheduler, fired } = stage([schedule()], 300);
    await clock.advance(1000);
    let isStopped = false;
    const stopping = scheduler.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(200);
    expect(isStopped).toBe(false);
    await clock.advance(5000);
    await stopping;
    expect(fired).toHaveLength(1);
  });
});
