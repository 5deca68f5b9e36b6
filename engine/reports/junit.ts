import type { ExperimentResult, FaultStatus, ProbeResult, RunResult, Verdict } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import { type Markup, markup } from './markup.ts';
import { margin, phaseTitles, seen, wanted } from './probe-words.ts';
import { experimentOf, type Report } from './report.ts';

export interface Case {
  group: string;
  name: string;
  timeMs: number;
  /** Null: passed. `failure`: it was measured and is not so. `error`: nothing can be concluded. */
  outcome: { type: 'failure' | 'error' | 'skipped'; why: string } | null;
  output?: string;
}

/**
 * For continuous integration: each probe, each proof, conservation and the verdict are test cases. What is inconclusive or aborted is
 * an error and never a skipped test, for a build must not pass on what was not shown.
 */
export function reportJunit(report: Report): string {
  const { result } = report;
  const experiment = experimentOf(report);
  return junitText({
    name: experiment ? experiment.experiment.name : result.scenario,
    document: result.document,
    startedAtMs: result.startedAtMs,
    durationMs: result.durationMs,
    cases: [...(experiment ? experimentCases(experiment) : []), conservation(result)],
    properties: properties(report),
  });
}

/** One suite with its cases. */
export function junitText(suite: {
  name: string;
  document: string;
  startedAtMs: number;
  durationMs: number;
  cases: readonly Case[];
  properties: readonly (readonly [string, string])[];
}): string {
  const { name, cases } = suite;
  const amount = (type: string): number => cases.filter(({ outcome }) => outcome?.type === type).length;
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const totals = markup`tests="${cases.length}" failures="${amount('failure')}" errors="${amount('error')}" time="${seconds(suite.durationMs)}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Archipel" ${totals}>
<testsuite name="${suite.document}: ${name}" ${totals} skipped="${amount('skipped')}" timestamp="${new Date(suite.startedAtMs).toISOString().slice(0, 19)}">
<properties>${suite.properties.map(
    ([key, value]) => markup`
<property name="${key}" value="${value}"/>`,
  )}
</properties>
${cases.map(
  ({
    group,
    name: title,
    timeMs,
    outcome,
    output,
  }) => markup`<testcase classname="${`archipel.${name}.${group}`}" name="${title}" time="${seconds(timeMs)}">${
    outcome && element(outcome)
  }${output !== undefined && markup`<system-out>${output}</system-out>`}</testcase>
`,
)}</testsuite>
</testsuites>
`.text;
}

const element = ({ type, why }: NonNullable<Case['outcome']>): Markup =>
  type === 'failure'
    ? markup`<failure message="${why}">${why}</failure>`
    : type === 'error'
      ? markup`<error message="${why}">${why}</error>`
      : markup`<skipped message="${why}"/>`;

const experimentCases = (experiment: ExperimentResult): Case[] => [
  ...experiment.probes.map((probe) => probeCase(experiment, probe)),
  ...experiment.faults.flatMap(proofCases),
  verdictCase(experiment),
];

function probeCase({ faults }: ExperimentResult, probe: ProbeResult): Case {
  const fault = faults.find(({ id }) => id === probe.fault);
  const measured = `measured ${seen(probe)}, wanted ${wanted(probe)}, margin ${margin(probe)}, ${probe.samples} samples`;
  return {
    group: probe.phase,
    name: `${phaseTitles[probe.phase]}: ${probe.name}${fault ? ` (${fault.fault} on ${targetName(fault.target)})` : ''}`,
    timeMs: probe.window.toMs - probe.window.fromMs,
    outcome:
      probe.inconclusive !== null
        ? { type: 'error', why: `inconclusive: ${probe.inconclusive} (${measured})` }
        : probe.holds
          ? null
          : { type: 'failure', why: measured },
    output: measured,
  };
}

const proofCases = ({
  fault,
  target,
  proofOfEffect,
  proofOfRemoval,
  error,
  startedAtMs,
  endedAtMs,
}: FaultStatus): Case[] =>
  (
    [
      ['effect', proofOfEffect],
      ['removal', proofOfRemoval],
    ] as const
  ).map(([what, proof]) => ({
    group: 'faults',
    name: `Proof of the ${what} of ${fault} on ${targetName(target)}`,
    timeMs: Math.max(0, (endedAtMs ?? startedAtMs) - startedAtMs),
    outcome: proof?.holds
      ? null
      : { type: 'error', why: error ?? (proof ? `not proven: ${proof.evidence}` : 'not measured') },
    output: proof?.evidence,
  }));

const outcomes: Record<Verdict, 'failure' | 'error' | null> = {
  passed: null,
  failed: 'failure',
  inconclusive: 'error',
  aborted: 'error',
};

function verdictCase({ verdict, reasons, experiment, durationMs }: ExperimentResult): Case {
  const type = outcomes[verdict];
  return {
    group: 'verdict',
    name: experiment.title,
    timeMs: durationMs,
    outcome: type && { type, why: `${verdict}: ${reasons.join(' ')}` },
    output: reasons.join('\n'),
  };
}

const conservation = ({ conservation: { holds, equation } }: RunResult): Case => ({
  group: 'conservation',
  name: 'Every request is accounted for',
  timeMs: 0,
  outcome: holds ? null : { type: 'error', why: equation },
  output: equation,
});

const properties = ({ result, sha256 }: Report): [string, string][] => [
  ['scenario', result.scenario],
  ['seed', String(result.seed)],
  ['archipel', result.host.versions.archipel],
  ['node', result.host.versions.node],
  ['platform', result.host.platform],
  ['processor', `${result.host.cpuModel}, ${result.host.cores} cores`],
  ...(sha256 === null ? [] : ([['document.sha256', sha256]] as [string, string][])),
  ...(result.record === null ? [] : ([['record', result.record]] as [string, string][])),
];
