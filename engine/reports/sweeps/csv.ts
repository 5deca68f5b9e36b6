import type { Measurement } from '../../api/types.ts';
import { csvText, type Value } from '../csv.ts';
import type { SweepReport } from './sweep-report.ts';

const COLUMNS = ['table', 'step', 'subject', 'measure', 'unit', 'value', 'low', 'high'] as const;

/** All figures as one tidy table: a row for each, so that any spreadsheet or data frame can pivot it. */
export const sweepCsv = (report: SweepReport): string => csvText([[...COLUMNS], ...rows(report)]);

function* rows({ result }: SweepReport): Generator<Value[]> {
  switch (result.type) {
    case 'knee':
      for (const [index, step] of result.steps.entries())
        yield* measured(index, `${step.ratePerSec} per second`, step, { side: step.side });
      if (result.knee) yield estimate('knee', 'per second', result.knee);
      return;
    case 'replicas':
      for (const [index, point] of result.points.entries())
        yield* measured(index, `${point.replicas} replicas`, point, { replicas: point.replicas, users: point.users });
      if (result.fit)
        for (const name of ['lambda', 'sigma', 'kappa'] as const)
          yield estimate(name, name === 'lambda' ? 'per second' : '', result.fit[name]);
      return;
    case 'retries-timeout':
      for (const [index, cell] of result.cells.entries())
        yield* measured(index, `${cell.timeoutMs} ms × ${cell.attempts}`, cell, {
          timeoutMs: cell.timeoutMs,
          attempts: cell.attempts,
        });
      return;
    case 'hysteresis':
      for (const [index, step] of result.steps.entries())
        yield* measured(index, `${step.way} ${step.ratePerSec} per second`, step, { way: step.way, side: step.side });
      return;
    case 'ab':
      for (const [index, run] of result.runs.entries())
        yield* measured(index, `block ${run.block + 1} ${run.side}`, run, { side: run.side });
      for (const { name, change } of result.figures)
        if (change) yield estimate(`change of ${name}`, change.isRelative ? 'share' : '', change);
      return;
    case 'batch':
      for (const [index, { document, name, verdict, probes, recoveryMs }] of result.experiments.entries()) {
        const subject = `${document}: ${name}`;
        yield ['experiment', index + 1, subject, 'verdict', '', verdict, null, null];
        yield ['experiment', index + 1, subject, 'recovery', 'ms', recoveryMs, null, null];
        for (const { phase, name: probe, unit, value } of probes)
          yield ['experiment', index + 1, `${subject}: ${phase}: ${probe}`, 'value', unit, value, null, null];
      }
      return;
    case 'repeat':
      for (const [index, { seed, verdict, probes }] of result.repetitions.entries()) {
        yield ['repetition', index + 1, 'repetition', 'seed', '', seed, null, null];
        if (verdict) yield ['repetition', index + 1, 'repetition', 'verdict', '', verdict, null, null];
        for (const { phase, name, unit, value } of probes)
          yield ['repetition', index + 1, `${phase}: ${name}`, 'value', unit, value, null, null];
      }
      for (const { name, unit, mean, low, high } of result.figures)
        yield ['finding', null, name, 'mean', unit, mean, low, high];
      for (const { name, unit, to, change } of result.effects)
        yield ['finding', null, name, `change to ${to}`, unit, change.value, change.low, change.high];
  }
}

const estimate = (
  subject: string,
  unit: string,
  { value, low, high }: { value: number; low: number | null; high: number | null },
): Value[] => ['finding', null, subject, 'estimate', unit, value, low, high];

function* measured(
  index: number,
  subject: string,
  step: Measurement,
  settings: Readonly<Record<string, string | number>>,
): Generator<Value[]> {
  const row = (measure: string, unit: string, value: Value): Value[] => [
    'step',
    index + 1,
    subject,
    measure,
    unit,
    value,
    null,
    null,
  ];
  for (const [name, value] of Object.entries(settings)) yield row(name, '', value);
  for (const name of ['arrivals', 'ok', 'failed', 'dropped', 'backlogGrowth'] as const)
    yield row(name, 'count', step[name]);
  for (const name of ['arrivalsPerSec', 'okPerSec', 'answeredPerSec'] as const)
    yield row(name, 'per second', step[name]);
  yield row('successRatio', 'ratio', step.successRatio);
  for (const name of ['p50', 'p95', 'p99'] as const) yield row(name, 'ms', step.latencyMs[name]);
  yield row('cpuPerRequest', 'ms', step.cpuMsPerRequest);
  yield row('attemptsPerRequest', 'times', step.attemptsPerRequest);
  for (const problem of step.problems) yield row('problem', '', problem);
}
