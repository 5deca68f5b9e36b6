import type { FaultStatus } from '../../api/types.ts';

/** What a fault was given: its parameters, and when and how often it was to act. */
export function courseWords({ parameters, course, seed, activations }: FaultStatus): string[] {
  const { probability, schedule, rampMs } = course;
  return [
    ...Object.entries(parameters).map(([name, value]) => `${name} ${shown(value)}`),
    ...(probability < 1 ? [`probability ${probability}, seed ${seed}`] : []),
    ...(schedule ? [`${scheduleWords(schedule)}; put on ${activations} ${activations === 1 ? 'time' : 'times'}`] : []),
    ...(rampMs === undefined ? [] : [`grows for ${rampMs} ms`]),
  ];
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function scheduleWords(schedule: NonNullable<FaultStatus['course']['schedule']>): string {
  if (schedule.type === 'at') return `after ${schedule.afterMs} ms`;
  if (schedule.type === 'every') return `${schedule.onMs} ms in every ${schedule.periodMs} ms`;
  return `${schedule.onMs} ms at a time, after gaps of ${schedule.meanGapMs} ms in the mean`;
}
