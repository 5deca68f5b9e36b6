import type {
  ExperimentResult,
  Measurement,
  RepeatedEffect,
  RepeatedFigure,
  RepeatFindings,
  Verdict,
} from '../api/types.ts';
import { experimentPlan } from '../experiments/phases.ts';
import { cliffsDelta } from '../experiments/statistics/effect-size.ts';
import { difference } from '../experiments/statistics/paired-change.ts';
import { wilsonInterval } from '../experiments/statistics.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Repeat } from '../model/repetition.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Finding, SweepWork } from './course.ts';
import { figures, repeated } from './figures.ts';
import { measure } from './measure.ts';
import { derivedSeed } from './seeds.ts';

const Z = 1.959964;
const START_MS = 3000;

export interface Repetition {
  seed: number;
  experiment: ExperimentResult | null;
  measured: Measurement | null;
}

/** The same again, each time from the start of the topology and with a seed of its own. */
export function repeatWork(
  repeat: Repeat,
  { scenario, experiment }: { scenario: Scenario; experiment: Experiment | null },
): SweepWork {
  const seed = repeat.seed ?? scenario.seed;
  const done: Repetition[] = [];
  const { of } = repeat;
  return {
    name: experiment?.name ?? scenario.name,
    title: experiment?.title ?? '',
    scenario: scenario.name,
    seed,
    expected: () => ({
      steps: repeat.repetitions,
      stepMs: experiment
        ? experimentPlan(experiment).totalMs
        : START_MS + (of.type === 'run' ? of.warmUpMs + of.measureMs : 0),
    }),
    async run(course) {
      const { world, document, directory, signal } = course;
      for (let index = 0; index < repeat.repetitions; index += 1) {
        const own = derivedSeed(seed, index);
        const repetition = await course.point(
          `repetition ${index + 1} of ${repeat.repetitions}`,
          async (): Promise<Repetition> => {
            if (of.type === 'experiment') {
              const result = await world.runExperiment({ document, name: of.name, seed: own, directory }, signal);
              signal.throwIfAborted();
              return { seed: own, experiment: result, measured: null };
            }
            await world.startTopology(document, directory);
            const measured = await measure(course, { ...of, scenario, seed: own });
            await world.stopTopology();
            return { seed: own, experiment: null, measured };
          },
        );
        done.push(repetition);
      }
    },
    finding: () => concludeRepeat(repeat, done, experiment),
  };
}

/**
 * The combined verdict: `failed` when one repetition failed, since the statement does not always hold; `aborted` and
 * `inconclusive` when one was; `passed` when all of them passed.
 */
export function combinedVerdict(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ['failed', 'aborted', 'inconclusive'] as const) if (verdicts.includes(verdict)) return verdict;
  return verdicts.length > 0 ? 'passed' : 'inconclusive';
}

export function concludeRepeat(
  repeat: Repeat,
  done: readonly Repetition[],
  written: Experiment | null = null,
): Finding<RepeatFindings> {
  const isExperiment = repeat.of.type === 'experiment';
  const verdicts = done.flatMap(({ experiment }) => experiment?.verdict ?? []);
  const told = verdicts.filter((verdict) => verdict === 'passed' || verdict === 'failed');
  const count = told.filter((verdict) => verdict === 'passed').length;
  const verdict = isExperiment ? combinedVerdict(verdicts) : null;
  const isWhole = done.length === repeat.repetitions;
  const findings: RepeatFindings = {
    type: 'repeat',
    of: repeat.of.type,
    repetitions: done.map(({ seed, experiment, measured }) => ({
      seed,
      verdict: experiment?.verdict ?? null,
      reasons: experiment?.reasons ?? measured?.problems ?? [],
      probes: experiment?.probes ?? [],
      durationMs: experiment?.durationMs ?? (measured ? measured.window.toMs - measured.window.fromMs : 0),
      record: experiment?.record ?? measured?.record ?? null,
    })),
    passed: isExperiment ? { count, of: told.length, ...wilsonInterval(count, told.length, Z) } : null,
    verdict,
    figures: isExperiment ? probeFigures(done) : runFigures(done),
    effects: isExperiment ? effectsOf(done, written) : [],
  };
  const untrusted = done.filter(({ measured }) => (measured?.problems.length ?? 0) > 0);
  const warnings =
    untrusted.length > 0
      ? [
          `${untrusted.length} of ${done.length} repetitions are left out of the figures: ${untrusted[0]?.measured?.problems[0]}`,
        ]
      : [];
  if (!isExperiment) {
    const kept = done.length - untrusted.length;
    return {
      findings,
      warnings,
      isConclusive: isWhole && kept >= 2,
      conclusion: `${kept} of ${repeat.repetitions} repetitions measured.`,
    };
  }
  const { low, high } = wilsonInterval(count, told.length, Z);
  const other = verdicts.length - told.length;
  return {
    findings,
    warnings,
    isConclusive: isWhole && verdict !== 'inconclusive' && verdict !== 'aborted',
    conclusion: `${count === repeat.repetitions ? `All ${count}` : `${count} of ${repeat.repetitions}`} repetitions passed${told.length > 0 ? `: the share of passes lies in [${(100 * low).toFixed(0)}, ${(100 * high).toFixed(0)}] %` : ''}.${other > 0 ? ` ${other} gave no verdict to count.` : ''}`,
  };
}

/** Each probe of each phase over the repetitions that gave a verdict, and the recovery. */
function probeFigures(done: readonly Repetition[]): RepeatedFigure[] {
  const values = new Map<string, { unit: RepeatedFigure['unit']; values: number[] }>();
  const add = (name: string, unit: RepeatedFigure['unit'], value: number | null): void => {
    if (value === null) return;
    const known = values.get(name) ?? { unit, values: [] };
    known.values.push(value);
    values.set(name, known);
  };
  for (const { experiment } of done) {
    if (experiment?.verdict !== 'passed' && experiment?.verdict !== 'failed') continue;
    const faults = new Set(experiment.probes.flatMap(({ fault }) => fault ?? []));
    for (const { name, phase, fault, unit, value } of experiment.probes)
      add(`${phase}${fault !== null && faults.size > 1 ? ` ${fault}` : ''}: ${name}`, unit, value);
    add('recovery', 'ms', experiment.recoveryMs);
    const { impact } = experiment;
    add('availability', 'ratio', impact?.availability ?? null);
    add('time to detect', 'ms', impact?.timeToDetectMs ?? null);
    add('time to recover', 'ms', impact?.timeToRecoverMs ?? null);
    add('error budget spent', 'times', impact?.errorBudget?.spent ?? null);
  }
  return [...values].flatMap(([name, { unit, values: all }]) => repeated(name, unit, all) ?? []);
}

/** The same measure before and later, in each repetition that gave a verdict. */
function effectsOf(done: readonly Repetition[], written: Experiment | null): RepeatedEffect[] {
  const told = done.flatMap(({ experiment }) =>
    experiment?.verdict === 'passed' || experiment?.verdict === 'failed' ? [experiment] : [],
  );
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const hypothesis = written?.steadyStateHypothesis.probes ?? [];
  const names = hypothesis.flatMap(({ name, measure }) => [
    ...(written?.during ?? [])
      .filter((other) => same(other.measure, measure))
      .map((other) => ({ before: name, to: 'during' as const, later: other.name })),
    { before: name, to: 'after' as const, later: name },
  ]);
  return names.flatMap(({ before, to, later }) => {
    const found = told.flatMap(({ probes }) => {
      const a = probes.find(({ name, phase }) => phase === 'before' && name === before);
      const b = probes.find(({ name, phase }) => phase === to && name === later);
      return a?.value != null && b?.value != null ? [{ unit: a.unit, pair: [a.value, b.value] as const }] : [];
    });
    const pairs = found.map(({ pair }) => pair);
    const change = difference(pairs);
    const effect = cliffsDelta(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    if (!change || !effect) return [];
    const { value, low, high } = change;
    return [{ name: before, unit: found[0]?.unit ?? 'none', to, change: { value, low, high }, effect }];
  });
}

function runFigures(done: readonly Repetition[]): RepeatedFigure[] {
  const measured = done.flatMap((repetition) =>
    repetition.measured && repetition.measured.problems.length === 0 ? repetition.measured : [],
  );
  const memory = repeated(
    'memory',
    'bytes',
    measured.map(({ rssBytes }) => rssBytes),
  );
  return [
    ...figures.flatMap(
      ({ name, unit, of }) =>
        repeated(
          name,
          unit,
          measured.flatMap((one) => of(one) ?? []),
        ) ?? [],
    ),
    ...(memory ? [memory] : []),
  ];
}
