import type {
  AbFigure,
  AbFindings,
  BatchFindings,
  GridFindings,
  HysteresisFindings,
  Judgement,
  KneeFindings,
  Measurement,
  NodeLimit,
  RepeatedEffect,
  RepeatedFigure,
  RepeatFindings,
  ReplicasFindings,
  SweepResult,
} from '../../api/types.ts';
import { count, limit, mebibytes, milliseconds, percent, perSecond } from '../figures.ts';

/** A table of a sweep, the same in the terminal and in every report. Columns whose name ends with "#" hold figures. */
export interface SweepTable {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

const table = (title: string, columns: readonly string[], rows: readonly (readonly string[])[]): SweepTable => ({
  title,
  columns,
  rows,
});

/** What was measured, and what follows from it. Tables without rows are left out. */
export const sweepTables = (result: SweepResult): SweepTable[] =>
  tablesOf(result).filter(({ rows }) => rows.length > 0);

function tablesOf(result: SweepResult): SweepTable[] {
  switch (result.type) {
    case 'knee':
      return [kneeTable(result)];
    case 'replicas':
      return [replicasTable(result)];
    case 'retries-timeout':
      return [gridTable(result)];
    case 'hysteresis':
      return [hysteresisTable(result), changesTable(result)];
    case 'repeat':
      return [repetitionsTable(result), figuresTable(result.figures), effectsTable(result)];
    case 'batch':
      return [batchTable(result)];
    case 'ab':
      return [sidesTable(result), abTable(result), expectedTable(result)];
  }
}

const common = ['good#', 'p50#', 'p99#', 'dropped#'];
const commonCells = ({ ok, arrivals, latencyMs, dropped }: Measurement): string[] => [
  percent(ok, arrivals),
  milliseconds(latencyMs.p50),
  milliseconds(latencyMs.p99),
  count(dropped),
];

const rate = (value: number): string => (value < 100 ? `${value.toFixed(1)}/s` : perSecond(value));

const sideText = ({ side, sure, reasons }: Judgement): string =>
  side === 'within'
    ? `within${sure ? '' : ', just'}`
    : `${side}${sure || side === 'inconclusive' ? '' : ', just'}: ${reasons[0]}`;

const limitsText = (limits: Record<string, NodeLimit>): string =>
  Object.entries(limits)
    .map(([node, found]) => `${node} ${limit(found)}`)
    .join(', ') || 'none';

const kneeTable = ({ steps }: KneeFindings): SweepTable =>
  table(
    'Rates, from the lowest to the highest',
    ['rate#', 'answered#', ...common, 'limit', ''],
    [...steps]
      .sort((a, b) => a.ratePerSec - b.ratePerSec)
      .map((step) => [
        rate(step.ratePerSec),
        rate(step.answeredPerSec),
        ...commonCells(step),
        limitsText(step.limits),
        sideText(step),
      ]),
  );

const replicasTable = ({ points }: ReplicasFindings): SweepTable =>
  table(
    'Numbers of replicas',
    ['replicas#', 'users#', 'answered#', ...common, 'limit', ''],
    [...points]
      .sort((a, b) => a.replicas - b.replicas || a.repetition - b.repetition)
      .map((point) => [
        count(point.replicas),
        count(point.users),
        rate(point.answeredPerSec),
        ...commonCells(point),
        limitsText(point.limits),
        point.problems.length > 0 ? 'left out' : '',
      ]),
  );

const gridTable = ({ cells, best, asGood }: GridFindings): SweepTable =>
  table(
    'Timeouts and attempts',
    ['timeout#', 'attempts#', 'answered#', ...common, 'attempts/request#', ''],
    cells.map((cell, index) => [
      milliseconds(cell.timeoutMs),
      count(cell.attempts),
      rate(cell.answeredPerSec),
      ...commonCells(cell),
      cell.attemptsPerRequest === null ? '–' : cell.attemptsPerRequest.toFixed(2),
      cell.problems[0] ?? (index === best ? 'best' : asGood.includes(index) ? 'as good, perhaps' : ''),
    ]),
  );

const hysteresisTable = ({ steps }: HysteresisFindings): SweepTable =>
  table(
    'Rates, in the order of measuring',
    ['way', 'rate#', 'answered#', ...common, ''],
    steps.map((step) => [
      step.way,
      rate(step.ratePerSec),
      rate(step.answeredPerSec),
      ...commonCells(step),
      sideText(step),
    ]),
  );

const points = (value: number): string => `${(100 * value).toFixed(1)}`;

const changesTable = ({ rates }: HysteresisFindings): SweepTable =>
  table(
    'Each rate on the way down against the way up',
    ['rate#', 'success, down − up (points)#', '99 % interval#', ''],
    rates.map(({ ratePerSec, successChange: { value, low, high }, differs }) => [
      rate(ratePerSec),
      points(value),
      `[${points(low)}, ${points(high)}]`,
      differs ? 'another state' : '',
    ]),
  );

const repetitionsTable = ({ repetitions }: RepeatFindings): SweepTable =>
  table(
    'Repetitions',
    ['repetition#', 'seed#', 'verdict', ''],
    repetitions.map(({ seed, verdict, reasons }, index) => [
      count(index + 1),
      `${seed}`,
      verdict ?? '–',
      reasons[0] ?? '',
    ]),
  );

const withUnit = (unit: RepeatedFigure['unit'], value: number): string => {
  if (unit === 'ratio') return value.toFixed(4);
  if (unit === 'ms') return milliseconds(value);
  if (unit === 'bytes') return mebibytes(value);
  return unit === 'per second' ? rate(value) : `${Number(value.toFixed(2))}`;
};

const meanText = (figure: RepeatedFigure | null): string => {
  if (!figure) return '–';
  const { unit, mean, low, high } = figure;
  const ends = low === null || high === null ? '' : ` [${withUnit(unit, low)}, ${withUnit(unit, high)}]`;
  return `${withUnit(unit, mean)}${ends}`;
};

const figuresTable = (figures: readonly RepeatedFigure[]): SweepTable =>
  table(
    'Figures over the repetitions',
    ['figure', 'n#', 'mean [95 % interval]#'],
    figures.map((figure) => [figure.name, count(figure.values.length), meanText(figure)]),
  );

const sidesTable = ({ a, b, workload }: AbFindings): SweepTable =>
  table(
    'The two documents',
    ['', 'document', 'processes#', 'hops#', 'settings#', 'slots#', 'memory#', 'arrivals#'],
    (
      [
        ['A', a],
        ['B', b],
      ] as const
    ).map(([name, { document, processes, hops, settings, budget }]) => [
      name,
      document,
      count(processes),
      count(hops),
      count(settings),
      budget.slots === null ? 'no limit' : count(budget.slots),
      budget.memoryMb === null ? 'no limit' : `${count(budget.memoryMb)} MB`,
      count(workload.arrivals),
    ]),
  );

const abTable = ({ figures, primary }: AbFindings): SweepTable =>
  table(
    'Figures of A and B; the comparison was made for the one with *',
    ['figure', 'A [95 % interval]#', 'B [95 % interval]#', 'delta', ''],
    figures.map((figure: AbFigure) => [
      figure.name === primary ? `${figure.name} *` : figure.name,
      meanText(figure.a),
      meanText(figure.b),
      figure.effect ? `${figure.effect.delta.toFixed(2)} ${figure.effect.magnitude}` : '–',
      figure.sentence,
    ]),
  );

const change = (unit: RepeatedFigure['unit'], value: number | null): string =>
  value === null ? '?' : unit === 'ratio' ? `${points(value)} points` : withUnit(unit, value);

const effectsTable = ({ effects }: RepeatFindings): SweepTable =>
  table(
    'Effects: what became of the steady state',
    ['figure', 'from before to', 'change [95 % interval]#', 'delta'],
    effects.map(({ name, unit, to, change: { value, low, high }, effect }: RepeatedEffect) => [
      name,
      to,
      `${change(unit, value)} [${change(unit, low)}, ${change(unit, high)}]`,
      `${effect.delta.toFixed(2)} ${effect.magnitude}`,
    ]),
  );

const batchTable = ({ experiments, planned }: BatchFindings): SweepTable =>
  table(
    `${experiments.length} of ${planned} experiments`,
    ['document', 'experiment', 'verdict', 'probes that hold#', 'recovered#', 'took#', ''],
    experiments.map(({ document, name, verdict, probes, recoveryMs, durationMs, reasons }) => [
      document,
      name,
      verdict,
      `${probes.filter(({ holds }) => holds).length} of ${probes.length}`,
      recoveryMs === null ? '–' : milliseconds(recoveryMs),
      milliseconds(durationMs),
      verdict === 'passed' ? '' : (reasons[0] ?? ''),
    ]),
  );

const expectedOutcomes = { shown: 'shown', 'not-shown': 'not shown', inconclusive: 'inconclusive' } as const;

const expectedTable = ({ expected, verdict }: AbFindings): SweepTable =>
  table(
    `What was expected: ${verdict ?? 'nothing'}`,
    ['expected', '', 'measured'],
    expected.map(({ figure, better, outcome, sentence }) => [
      `${better.toUpperCase()} is better in ${figure}`,
      expectedOutcomes[outcome],
      sentence,
    ]),
  );
