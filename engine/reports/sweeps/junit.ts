import type { BatchFindings, RepeatFindings, SweepResult, Verdict } from '../../api/types.ts';
import { type Case, junitText } from '../junit.ts';
import { phaseTitles } from '../probe-words.ts';
import { type SweepReport, verdictOfSweep } from './sweep-report.ts';

/** For continuous integration: each probe of each repetition, each step, and what came out of all are test cases. */
export function sweepJunit({ result }: SweepReport): string {
  const { name, document, startedAtMs, durationMs, host } = result;
  return junitText({
    name,
    document,
    startedAtMs,
    durationMs,
    cases: [...partsOf(result), conclusion(result)],
    properties: [
      ['scenario', result.scenario],
      ['seed', String(result.seed)],
      ['archipel', host.versions.archipel],
      ['node', host.versions.node],
      ['platform', host.platform],
      ['processor', `${host.cpuModel}, ${host.cores} cores`],
    ],
  });
}

const outcomes: Record<Verdict, 'failure' | 'error' | null> = {
  passed: null,
  failed: 'failure',
  inconclusive: 'error',
  aborted: 'error',
};

function partsOf(result: SweepResult): Case[] {
  switch (result.type) {
    case 'repeat':
      return repetitions(result);
    case 'batch':
      return experiments(result);
    case 'knee':
      return result.steps.map((step) => stepCase(`${Number(step.ratePerSec.toFixed(1))} per second`, step));
    case 'replicas':
      return result.points.map((point) =>
        stepCase(`${point.replicas} replicas, repetition ${point.repetition + 1}`, point),
      );
    case 'retries-timeout':
      return result.cells.map((cell) => stepCase(`timeout ${cell.timeoutMs} ms, ${cell.attempts} attempts`, cell));
    case 'hysteresis':
      return result.steps.map((step) => stepCase(`${step.way}: ${step.ratePerSec} per second`, step));
    case 'ab':
      return [
        ...result.runs.map((run, index) => stepCase(`run ${index + 1}: ${run.side.toUpperCase()}`, run)),
        ...result.expected.map(
          ({ figure, better, outcome, sentence }): Case => ({
            group: 'expected',
            name: `${better.toUpperCase()} is better in ${figure}`,
            timeMs: 0,
            outcome:
              outcome === 'shown' ? null : { type: outcome === 'not-shown' ? 'failure' : 'error', why: sentence },
            output: sentence,
          }),
        ),
      ];
  }
}

const repetitions = ({ repetitions: all }: RepeatFindings): Case[] =>
  all.flatMap((repetition, index) =>
    runCases({
      ...repetition,
      group: `repetition-${index + 1}`,
      name: `Repetition ${index + 1}`,
      title: `Repetition ${index + 1} (seed ${repetition.seed})`,
    }),
  );

const experiments = ({ experiments: all }: BatchFindings): Case[] =>
  all.flatMap((experiment) => runCases({ ...experiment, group: experiment.name, title: experiment.title }));

/** One experiment of several: each of its probes, and its verdict. */
function runCases({
  group,
  name,
  title,
  verdict,
  reasons,
  probes,
  durationMs,
}: Pick<RepeatFindings['repetitions'][number], 'verdict' | 'reasons' | 'probes' | 'durationMs'> & {
  group: string;
  name: string;
  title: string;
}): Case[] {
  const own: Case = { group, name: title, timeMs: durationMs, outcome: null, output: reasons.join('\n') };
  const type = verdict === null ? (reasons.length > 0 ? 'error' : null) : outcomes[verdict];
  if (type) own.outcome = { type, why: `${verdict ?? 'not measured'}: ${reasons.join(' ')}` };
  return [
    ...probes.map((probe): Case => {
      const measured = `measured ${probe.observed}, wanted ${probe.wanted}, ${probe.samples} samples`;
      return {
        group: `${group}.${probe.phase}`,
        name: `${name}: ${phaseTitles[probe.phase]}: ${probe.name}${probe.fault === null ? '' : ` (${probe.fault})`}`,
        timeMs: probe.window.toMs - probe.window.fromMs,
        outcome:
          probe.inconclusive !== null
            ? { type: 'error', why: `inconclusive: ${probe.inconclusive} (${measured})` }
            : probe.holds
              ? null
              : { type: 'failure', why: measured },
        output: measured,
      };
    }),
    own,
  ];
}

/** That a step could be measured; what it measured is a finding and no failure. */
function stepCase(
  name: string,
  step: { window: { fromMs: number; toMs: number }; problems: string[]; ok: number; arrivals: number },
): Case {
  return {
    group: 'steps',
    name,
    timeMs: step.window.toMs - step.window.fromMs,
    outcome: step.problems.length > 0 ? { type: 'error', why: step.problems.join(' ') } : null,
    output: `${step.ok} of ${step.arrivals} answered well`,
  };
}

function conclusion(result: SweepResult): Case {
  const { state, title, name, conclusion: found, durationMs, warnings } = result;
  const verdict = verdictOfSweep(result);
  const type = verdict === null ? (state === 'done' ? null : 'error') : outcomes[verdict];
  return {
    group: 'conclusion',
    name: title || name,
    timeMs: durationMs,
    outcome: type && { type, why: `${verdict ?? state}: ${found}` },
    output: [found, ...warnings].join('\n'),
  };
}
