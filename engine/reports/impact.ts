import type { Affected } from '../api/types.ts';
import { count, milliseconds, percent, seconds } from './figures.ts';
import { experimentOf, type Report } from './report.ts';

export interface ImpactLine {
  title: string;
  value: string;
  /** On what the value rests. */
  detail: string;
}

/** What users got from the faults and changes of an experiment. Empty where nothing had an effect. */
export function impactLines(report: Report): ImpactLine[] {
  const impact = experimentOf(report)?.impact;
  if (!impact) return [];
  const { window, availability, requests, failed, detections, timeToRecoverMs, errorBudget, blastRadius } = impact;
  const { startedAtMs } = report.result;
  const since = (atMs: number): string => seconds(atMs - startedAtMs);
  return [
    {
      title: 'Availability',
      value: availability === null ? '–' : percent(availability, 1),
      detail: `${count(failed)} of ${count(requests)} requests failed, ${since(window.fromMs)} to ${since(window.toMs)}`,
    },
    ...detections.map(({ fault, timeToDetectMs, by }) => ({
      title: `Time to detect ${fault}`,
      value: timeToDetectMs === null ? 'unnoticed' : milliseconds(timeToDetectMs),
      detail: by === null ? 'no probe of the hypothesis was out of tolerance' : `by the probe "${by}"`,
    })),
    {
      title: 'Time to recover',
      value: timeToRecoverMs === null ? 'not in time' : milliseconds(timeToRecoverMs),
      detail: 'from the first effect until the steady state held again',
    },
    ...(errorBudget
      ? [
          {
            title: 'Error budget spent',
            value: `${(errorBudget.spent * 100).toFixed(0)} %`,
            detail: `${count(errorBudget.failed)} failed, ${Number(errorBudget.allowed.toFixed(1))} may by the objective of ${percent(errorBudget.objective, 1)} (${errorBudget.from === 'experiment' ? 'given by the experiment' : 'the loosest of the hypothesis'})`,
          },
        ]
      : []),
    { title: 'Blast radius, routes', ...radius(blastRadius.routes) },
    { title: 'Blast radius, nodes', ...radius(blastRadius.nodes) },
  ];
}

const radius = ({ affected, of, share, interval }: Affected): { value: string; detail: string } => ({
  value: share === null ? '–' : percent(share, 1),
  detail: [
    `${affected.length} of ${of.length} surely failed more often than before; between ${percent(interval.low, 1)} and ${percent(interval.high, 1)} with a confidence of 95 %`,
    ...(affected.length > 0 ? [affected.join(', ')] : []),
  ].join(': '),
});
