import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHistogram, mergeSparse, percentileMs } from '../metrics/histogram.ts';
import type { WorkLimits } from '../model/work-limits.ts';
import { createSlots, type Slots } from './slots.ts';

const limits = (changes: Partial<WorkLimits> = {}): WorkLimits => ({
  concurrency: 1,
  memoryLimitMb: null,
  queue: { limit: 10, order: 'fifo' },
  shedding: null,
  ...changes,
});

const NEVER = Number.POSITIVE_INFINITY;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Requests by name, and what became of each, in order. */
function requests(slots: Slots) {
  const events: string[] = [];
  const turns = new Map<string, { leave(): void }>();
  return {
    events,
    leave: (name: string) => turns.get(name)?.leave(),
    async come(name: string, deadlineMs = NEVER): Promise<void> {
      try {
        const turn = slots.take(deadlineMs);
        if (turn) {
          turns.set(name, turn);
          await turn.granted;
        }
        events.push(`${name} starts`);
      } catch (error) {
        events.push(`${name} ${(error as { reason: string }).reason}`);
      }
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  it('without a limit are there for all', async () => {
    const slots = createSlots('orders', limits({ concurrency: null, queue: { limit: 0, order: 'fifo' } }));
    for (let i = 0; i < 1000; i += 1) expect(slots.take(NEVER)).toBeNull();
    expect(slots.measure()).toMatchObject({
      gauges: {},
      counters: { started: 0, queueFull: 0 },
      histograms: { waiting: [] },
    });
  });

  it('that are all busy make requests wait, and go to the one that came first', async () => {
    const slots = createSlots('orders', limits({ concurrency: 2 }));
    const { come, events } = requests(slots);
    for (const name of ['a', 'b', 'c', 'd']) void come(name);
    await settled();
    expect(events).toEqual(['a starts', 'b starts']);
    slots.release();
    await settled();
    slots.release();
    await settled();
    expect(events).toEqual(['a starts', 'b starts', 'c starts', 'd starts']);
  });

  it('go to the one that came last, if the order is lifo', async () => {
    const slots = createSlots('orders', limits({ queue: { limit: 10, order: 'lifo' } }));
    const { come, events } = requests(slots);
    for (const name of ['a', 'b', 'c']) void come(name);
    slots.release();
    await settled();
    slots.release();
    await settled();
    expect(events).toEqual(['a starts', 'c starts', 'b starts']);
  });

  it('refuse the request that finds the queue full, at once, and name the node', async () => {
    const slots = createSlots('orders', limits({ queue: { limit: 1, order: 'fifo' } }));
    slots.take(NEVER);
    slots.take(NEVER);
    expect(() => slots.take(NEVER)).toThrow(expect.objectContaining({ reason: 'queue-full', hop: 'orders' }));
    expect(slots.measure()).toMatchObject({ counters: { queueFull: 1 }, gauges: { busySlots: 1, waiting: 1 } });
  });

  it('shed what has waited too long, when it has, and nothing else', async () => {
    const slots = createSlots('orders', limits({ shedding: { maxWaitMs: 50 } }));
    const { come, events } = requests(slots);
    void come('a');
    void come('b');
    vi.advanceTimersByTime(30);
    void come('c');
    vi.advanceTimersByTime(19);
    await settled();
    expect(events).toEqual(['a starts']);
    vi.advanceTimersByTime(1);
    await settled();
    expect(events).toEqual(['a starts', 'b shed']);
    vi.advanceTimersByTime(30);
    await settled();
    expect(events).toEqual(['a starts', 'b shed', 'c shed']);
    expect(slots.measure().counters).toMatchObject({ shed: 2, started: 1 });
  });

  it.each(['fifo', 'lifo'] as const)('of a %s queue shed the oldest', async (order) => {
    const slots = createSlots('orders', limits({ queue: { limit: 10, order }, shedding: { maxWaitMs: 50 } }));
    const { come, events } = requests(slots);
    void come('a');
    void come('b');
    vi.advanceTimersByTime(20);
    void come('c');
    vi.advanceTimersByTime(30);
    await settled();
    expect(events).toEqual(['a starts', 'b shed']);
  });

  it('do not begin what nobody waits for any more', async () => {
    const slots = createSlots('orders', limits());
    const { come, events, leave } = requests(slots);
    const startMs = performance.now();
    void come('a');
    void come('late', startMs + 40);
    void come('gone');
    void come('good', startMs + 60);
    leave('gone');
    vi.advanceTimersByTime(50);
    slots.release();
    await settled();
    expect(events).toEqual(['a starts', 'gone cancelled', 'late expired', 'good starts']);
    await come('too late', startMs + 50);
    expect(events.at(-1)).toBe('too late expired');
    expect(slots.measure().counters).toMatchObject({ started: 2, expired: 2, cancelled: 1 });
  });

  it('are more or fewer as soon as the config says so; what runs goes on', async () => {
    const slots = createSlots('orders', limits());
    const { come, events } = requests(slots);
    for (const name of ['a', 'b', 'c', 'd']) void come(name);
    slots.configure(limits({ concurrency: 3 }));
    await settled();
    expect(events).toEqual(['a starts', 'b starts', 'c starts']);
    slots.configure(limits({ concurrency: 1 }));
    slots.release();
    slots.release();
    await settled();
    expect(events).toHaveLength(3);
    slots.release();
    await settled();
    expect(events.at(-1)).toBe('d starts');
  });

  it('measure their use and the waits: the integrals over time are exact', async () => {
    const slots = createSlots('orders', limits({ concurrency: 2 }));
    const { come } = requests(slots);
    void come('a');
    vi.advanceTimersByTime(10);
    void come('b');
    void come('c');
    vi.advanceTimersByTime(20);
    slots.release();
    await settled();
    vi.advanceTimersByTime(10);
    const { counters, gauges, histograms } = slots.measure();
    expect(counters).toMatchObject({ started: 3, waitedMs: 20, busySlotMs: 10 + 40 + 20, slotMs: 80, queuedMs: 20 });
    expect(gauges).toEqual({ busySlots: 2, waiting: 0 });
    const waits = createHistogram();
    mergeSparse(waits, histograms.waiting as number[]);
    expect([waits.total, percentileMs(waits, 50), percentileMs(waits, 100)]).toEqual([3, 0, 20]);
    expect(slots.measure().histograms.waiting).toEqual([]);
  });

  it('never exceed their number, leave none unused, and lose no request, whatever happens', async () => {
    const action = fc.oneof(
      fc.constant({ do: 'come' as const }),
      fc.record({ do: fc.constant('leave' as const), which: fc.nat(50) }),
      fc.constant({ do: 'release' as const }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30) }),
      fc.record({ do: fc.constant('configure' as const), concurrency: fc.integer({ min: 1, max: 4 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), fc.constantFrom('fifo', 'lifo'), async (actions, order) => {
        const config = (concurrency: number): WorkLimits =>
          limits({ concurrency, queue: { limit: 3, order: order as 'fifo' | 'lifo' }, shedding: { maxWaitMs: 40 } });
        const slots = createSlots('orders', config(2));
        let [concurrency, came, running, refused] = [2, 0, 0, 0];
        const leaves: (() => void)[] = [];
        for (const step of actions) {
          if (step.do === 'come') {
            came += 1;
            const started = (): void => {
              running += 1;
            };
            const failed = (): void => {
              refused += 1;
            };
            try {
              const turn = slots.take(performance.now() + 70);
              if (turn) {
                leaves.push(turn.leave);
                turn.granted.then(started, failed);
              } else started();
            } catch {
              failed();
            }
          } else if (step.do === 'leave') leaves[step.which]?.();
          else if (step.do === 'pass') vi.advanceTimersByTime(step.ms);
          else if (step.do === 'configure') {
            concurrency = step.concurrency;
            slots.configure(config(concurrency));
          } else if (running > 0) {
            running -= 1;
            came -= 1;
            slots.release();
          }
          await Promise.resolve();
          await Promise.resolve();
          const { busySlots = 0, waiting = 0 } = slots.measure().gauges;
          expect(busySlots).toBe(running);
          expect(came).toBe(running + waiting + refused);
          if (waiting > 0) expect(busySlots).toBeGreaterThanOrEqual(concurrency);
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
