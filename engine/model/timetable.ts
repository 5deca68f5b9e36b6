import { Cron } from 'croner';

/** When something is due, again and again. */
export interface Timetable {
  /** The first time after that one, in epoch milliseconds; null: never again. */
  next(afterMs: number): number | null;
}

const unitsMs: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** More often than that no schedule is kept. */
const MIN_RATE_MS = 50;

/**
 * Reads a schedule: `rate(5 minutes)`, counted from `originMs`; cron with five fields, or six with seconds first, as in crontab;
 * `cron(0 12 ? * MON *)` with six fields and the year last, as in EventBridge, where Sunday is 1. Throws, with what is wrong, when it is none.
 */
export function parseTimetable(expression: string, timezone: string, originMs: number): Timetable {
  const rate = /^rate\((.*)\)$/i.exec(expression.trim());
  if (rate) return everyMs(periodOf((rate[1] ?? '').trim()), originMs);
  const cron = /^cron\((.*)\)$/i.exec(expression.trim());
  const pattern = cron ? fromEventBridge(cron[1] ?? '') : expression.trim();
  let parsed: Cron;
  try {
    parsed = new Cron(pattern, { timezone, paused: true, alternativeWeekdays: cron !== null });
    parsed.nextRun(new Date(originMs));
  } catch (error) {
    throw new Error(wordsOf(error, timezone));
  }
  return { next: (afterMs) => parsed.nextRun(new Date(afterMs))?.getTime() ?? null };
}

const everyMs = (periodMs: number, originMs: number): Timetable => ({
  next: (afterMs) => originMs + (Math.floor((afterMs - originMs) / periodMs) + 1) * periodMs,
});

function periodOf(text: string): number {
  const [, count, unit = ''] = /^(\d+)\s+([a-z]+?)s?$/i.exec(text) ?? [];
  const unitMs = unitsMs[unit.toLowerCase()];
  if (count === undefined || unitMs === undefined)
    throw new Error(`"rate(${text})" is not a number and a unit such as in rate(5 minutes)`);
  const periodMs = Number(count) * unitMs;
  if (periodMs < MIN_RATE_MS) throw new Error(`"rate(${text})" is more often than every ${MIN_RATE_MS} milliseconds`);
  return periodMs;
}

/** Minute, hour, day, month, weekday, year: croner wants the second before them. */
function fromEventBridge(fields: string): string {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== 6)
    throw new Error(
      `"cron(${fields})" has ${parts.length} fields; EventBridge's has six: minute, hour, day, month, weekday, year`,
    );
  return `0 ${parts.join(' ')}`;
}

function wordsOf(error: unknown, timezone: string): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/invalid time ?zone/i.test(message)) return `"${timezone}" is no time zone such as Europe/Paris`;
  return message.replace(/^(CronPattern|Cron): /, '');
}
