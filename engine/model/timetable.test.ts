import { describe, expect, it } from 'vitest';
import { parseTimetable } from './timetable.ts';

const origin = Date.parse('2026-01-01T00:00:30.500Z');
const first = (expression: string, count: number, timezone = 'UTC'): string[] => {
  const timetable = parseTimetable(expression, timezone, origin);
  const found: string[] = [];
  for (let at = timetable.next(origin); at !== null && found.length < count; at = timetable.next(at))
    found.push(new Date(at).toISOString());
  return found;
};

describe('a timetable', () => {
  it('counts a rate from its origin', () => {
    expect(first('rate(5 minutes)', 2)).toEqual(['2026-01-01T00:05:30.500Z', '2026-01-01T00:10:30.500Z']);
    expect(first('rate(1 second)', 1)).toEqual(['2026-01-01T00:00:31.500Z']);
    expect(first('rate(250 milliseconds)', 2)).toEqual(['2026-01-01T00:00:30.750Z', '2026-01-01T00:00:31.000Z']);
  });

  it('reads cron with five fields and with six', () => {
    expect(first('*/5 * * * *', 2)).toEqual(['2026-01-01T00:05:00.000Z', '2026-01-01T00:10:00.000Z']);
    expect(first('*/10 * * * * *', 1)).toEqual(['2026-01-01T00:00:40.000Z']);
  });

  it('reads cron of EventBridge, where Sunday is 1', () => {
    expect(first('cron(0 12 ? * 2 *)', 1)).toEqual(['2026-01-05T12:00:00.000Z']);
    expect(first('cron(0 12 ? * MON *)', 1)).toEqual(['2026-01-05T12:00:00.000Z']);
    expect(first('cron(30 6 1 1 ? 2027)', 3)).toEqual(['2027-01-01T06:30:00.000Z']);
  });

  it('keeps to the time of its zone, over the change of the clocks too', () => {
    expect(first('0 3 28-29 3 *', 2, 'Europe/Paris')).toEqual(['2026-03-28T02:00:00.000Z', '2026-03-29T01:00:00.000Z']);
  });

  it.each([
    ['hello', 'UTC', /five, six, or seven/],
    ['99 * * * *', 'UTC', /minute/],
    ['rate(5)', 'UTC', /number and a unit/],
    ['rate(0 seconds)', 'UTC', /more often than/],
    ['cron(0 12 * * *)', 'UTC', /has 5 fields/],
    ['* * * * *', 'Mars/Base', /"Mars\/Base" is no time zone/],
  ])('refuses %s in %s with the reason', (expression, timezone, reason) => {
    expect(() => parseTimetable(expression, timezone, origin)).toThrow(reason);
  });

  it('ends where a date never comes', () => {
    expect(parseTimetable('0 0 30 2 *', 'UTC', origin).next(origin)).toBe(null);
  });
});
