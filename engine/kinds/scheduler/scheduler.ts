import { parseTimetable } from '../../model/timetable.ts';
import type { Clock } from '../../process-kit/clock.ts';
import type { Schedule } from './config.ts';
import { startTicker } from './ticker.ts';

/** Cumulative. Whatever is due is fired, missed or skipped; whatever is fired succeeds, fails, or is in hand. */
export interface SchedulerCounters {
  due: number;
  fired: number;
  missed: number;
  skipped: number;
  succeeded: number;
  failed: number;
}

export interface SchedulerOptions {
  schedules: readonly Schedule[];
  clock: Clock;
  wallMs(): number;
  /** Does what a schedule is for. Rejects when it failed. */
  fire(schedule: Schedule, dueMs: number): Promise<void>;
  onMissed(schedule: Schedule, dueMs: number): void;
}

export interface Scheduler {
  configure(schedules: readonly Schedule[]): void;
  counters(): SchedulerCounters;
  readonly inHand: number;
  /** Fires nothing more, and resolves when nothing is in hand. */
  stop(): Promise<void>;
}

/** Keeps several schedules. Those that stay as they are go on where they were when the others change. */
export function createScheduler({ schedules, clock, wallMs, fire, onMissed }: SchedulerOptions): Scheduler {
  const counters: SchedulerCounters = { due: 0, fired: 0, missed: 0, skipped: 0, succeeded: 0, failed: 0 };
  const running = new Map<string, { key: string; end(): void }>();
  const working = new Map<string, number>();
  const open = new Set<Promise<void>>();

  const begin = (schedule: Schedule, dueMs: number): void => {
    counters.due += 1;
    const { name } = schedule;
    const before = working.get(name) ?? 0;
    if (before > 0 && schedule.overlap === 'skip') {
      counters.skipped += 1;
      return;
    }
    counters.fired += 1;
    working.set(name, before + 1);
    const work = fire(schedule, dueMs).then(
      () => {
        counters.succeeded += 1;
      },
      () => {
        counters.failed += 1;
      },
    );
    open.add(work);
    void work.then(() => {
      open.delete(work);
      working.set(name, (working.get(name) ?? 1) - 1);
    });
  };

  const configure = (wanted: readonly Schedule[]): void => {
    const keys = new Map(wanted.filter(({ enabled }) => enabled).map((each) => [each.name, JSON.stringify(each)]));
    for (const [name, { key, end }] of running)
      if (keys.get(name) !== key) {
        end();
        running.delete(name);
      }
    for (const schedule of wanted) {
      const { name, expression, timezone, graceMs } = schedule;
      const key = keys.get(name);
      if (key === undefined || running.has(name)) continue;
      const end = startTicker({
        ...{ clock, wallMs, graceMs },
        timetable: parseTimetable(expression, timezone, wallMs()),
        onDue: (dueMs) => begin(schedule, dueMs),
        onMissed(dueMs) {
          counters.due += 1;
          counters.missed += 1;
          onMissed(schedule, dueMs);
        },
      });
      running.set(name, { key, end });
    }
  };
  configure(schedules);

  return {
    configure,
    counters: () => counters,
    get inHand() {
      return open.size;
    },
    async stop() {
      for (const { end } of running.values()) end();
      running.clear();
      while (open.size > 0) await Promise.all(open);
    },
  };
}
