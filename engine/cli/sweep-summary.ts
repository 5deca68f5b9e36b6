import type {
  AbFigure,
  AbFindings,
  GridFindings,
  HysteresisFindings,
  Judgement,
  KneeFindings,
  Measurement,
  NodeLimit,
  RepeatedFigure,
  RepeatFindings,
  ReplicasFindings,
  SweepResult,
} from '../api/types.ts';
import { count, limit, mebibytes, milliseconds, percent, perSecond, seconds } from './figures.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** The result of a sweep for people: what was measured, then what follows from it. */
export function printSweep(terminal: Terminal, result: SweepResult): void {
  for (const block of blocksOf(result)) {
    const [head, ...rows] = block;
    if (head === undefined || rows.length === 0) continue;
    terminal.line();
    terminal.line(`  ${terminal.style('dim', head)}`);
    for (const row of rows) terminal.line(`  ${row}`);
  }
  terminal.line();
  if (result.title) terminal.line(`  ${result.title}`);
  if ('rule' in result) terminal.line(terminal.style('dim', `  ${result.rule}.`));
  terminal.line(
    `  ${terminal.style(['bold', colours[result.state]], result.state.toUpperCase())} ${result.conclusion}`,
  );
  for (const warning of result.warnings) terminal.line(`  ${terminal.style('yellow', 'note')} ${warning}`);
  const { host } = result;
  terminal.line(
    terminal.style(
      'dim',
      `  ${seconds(result.durationMs)}, seed ${result.seed}; ${host.cores} cores (${host.cpuModel}), Archipel ${host.versions.archipel}, Node ${host.versions.node}`,
    ),
  );
}

const colours = { running: 'yellow', done: 'green', inconclusive: 'yellow', stopped: 'yellow' } as const;

function blocksOf(result: SweepResult): string[][] {
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
      return [repetitionsTable(result), figuresTable(result.figures)];
    case 'ab':
      return [sidesTable(result), abTable(result), ...(result.verdict === null ? [] : [expectedLines(result)])];
  }
}

const common = ['good', 'p50', 'p99', 'dropped'];
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

const kneeTable = ({ steps }: KneeFindings): string[] =>
  table(
    ['rate', 'answered', ...common, 'limit', ''],
    [...steps]
      .sort((a, b) => a.ratePerSec - b.ratePerSec)
      .map((step) => [
        rate(step.ratePerSec),
        rate(step.answeredPerSec),
        ...commonCells(step),
        limitsText(step.limits),
        sideText(step),
      ]),
    [6, 7],
  );

const replicasTable = ({ points }: ReplicasFindings): string[] =>
  table(
    ['replicas', 'users', 'answered', ...common, 'limit', ''],
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
    [7, 8],
  );

const gridTable = ({ cells, best, asGood }: GridFindings): string[] =>
  table(
    ['timeout', 'attempts', 'answered', ...common, 'attempts/request', ''],
    cells.map((cell, index) => [
      milliseconds(cell.timeoutMs),
      count(cell.attempts),
      rate(cell.answeredPerSec),
      ...commonCells(cell),
      cell.attemptsPerRequest === null ? '–' : cell.attemptsPerRequest.toFixed(2),
      cell.problems[0] ?? (index === best ? 'best' : asGood.includes(index) ? 'as good, perhaps' : ''),
    ]),
    [8],
  );

const hysteresisTable = ({ steps }: HysteresisFindings): string[] =>
  table(
    ['way', 'rate', 'answered', ...common, ''],
    steps.map((step) => [
      step.way,
      rate(step.ratePerSec),
      rate(step.answeredPerSec),
      ...commonCells(step),
      sideText(step),
    ]),
    [0, 7],
  );

const points = (value: number): string => `${(100 * value).toFixed(1)}`;

const changesTable = ({ rates }: HysteresisFindings): string[] =>
  table(
    ['rate', 'success, down − up (points)', '99 % interval', ''],
    rates.map(({ ratePerSec, successChange: { value, low, high }, differs }) => [
      rate(ratePerSec),
      points(value),
      `[${points(low)}, ${points(high)}]`,
      differs ? 'another state' : '',
    ]),
    [3],
  );

const repetitionsTable = ({ repetitions }: RepeatFindings): string[] =>
  table(
    ['repetition', 'seed', 'verdict', ''],
    repetitions.map(({ seed, verdict, reasons }, index) => [
      count(index + 1),
      `${seed}`,
      verdict ?? '–',
      reasons[0] ?? '',
    ]),
    [2, 3],
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

const figuresTable = (figures: readonly RepeatedFigure[]): string[] =>
  table(
    ['figure', 'n', 'mean [95 % interval]'],
    figures.map((figure) => [figure.name, count(figure.values.length), meanText(figure)]),
  );

const sidesTable = ({ a, b, workload }: AbFindings): string[] =>
  table(
    ['', 'document', 'processes', 'hops', 'settings', 'slots', 'memory', 'arrivals'],
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
    [0, 1],
  );

const outcomes = { shown: 'shown', 'not-shown': 'not shown', inconclusive: 'inconclusive' } as const;

const expectedLines = ({ expected, verdict }: AbFindings): string[] => [
  `${verdict}: ${expected.filter(({ outcome }) => outcome === 'shown').length} of ${expected.length} statements shown`,
  ...expected.map(
    ({ better, outcome, sentence }) => `  ${outcomes[outcome]}: ${better.toUpperCase()} is better. ${sentence}`,
  ),
];

const abTable = ({ figures, primary }: AbFindings): string[] =>
  table(
    ['figure', 'A [95 % interval]', 'B [95 % interval]', 'delta', ''],
    figures.map((figure: AbFigure) => [
      figure.name === primary ? `${figure.name} *` : figure.name,
      meanText(figure.a),
      meanText(figure.b),
      figure.effect ? `${figure.effect.delta.toFixed(2)} ${figure.effect.magnitude}` : '–',
      figure.sentence,
    ]),
    [0, 3, 4],
  );
