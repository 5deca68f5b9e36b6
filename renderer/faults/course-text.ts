import type { FaultCourse, FaultSchedule } from '../../engine/model/fault.ts';
import { inLanguage } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { labelOf, unitOf } from '../inspector/form/labels.ts';
import { percent } from '../ui/format.ts';

/** "250 ms", "2 s", "1.5 s", "3 min": as short as it is exact. */
function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${inLanguage(String(ms / 1000))} s`;
}

function scheduleText(schedule: FaultSchedule): string {
  switch (schedule.type) {
    case 'at':
      return t('after {{time}}', { time: durationText(schedule.afterMs) });
    case 'every':
      return t('{{time}} of every {{period}}', {
        time: durationText(schedule.onMs),
        period: durationText(schedule.periodMs),
      });
    case 'random':
      return t('{{time}} at random times, {{gap}} apart on average', {
        time: durationText(schedule.onMs),
        gap: durationText(schedule.meanGapMs),
      });
  }
}

/** When and how often a fault acts: "2 s of every 10 s · 50 % · grows over 3 s"; empty when it acts all the time. */
export function courseText({ schedule, probability = 1, rampMs }: Partial<FaultCourse>): string {
  return [
    ...(schedule ? [scheduleText(schedule)] : []),
    ...(probability < 1 ? [percent(Number((probability * 100).toPrecision(3)))] : []),
    ...(rampMs === undefined ? [] : [t('grows over {{time}}', { time: durationText(rampMs) })]),
  ].join(' · ');
}

/** "Latency 200 ms · Direction downstream": what a fault was given, without what is empty or off. */
export const parametersText = (parameters: Record<string, unknown>): string =>
  Object.entries(parameters)
    .filter(([, value]) => value !== '' && value !== false && value !== 0 && value !== null && value !== undefined)
    .map(([name, value]) => [said(labelOf(name)), valueText(value), said(unitOf(name) ?? '')].filter(Boolean).join(' '))
    .join(' · ');

function valueText(value: unknown): string {
  if (value === true) return '';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
