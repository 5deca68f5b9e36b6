import type { ProbeResult, RunResult, StepResult, Verdict } from '../api/types.ts';
import type { ChangeRun, FaultRun } from './phases.ts';

/** All that a verdict rests on. */
export interface Findings {
  /** Why the experiment ended early, or null. */
  aborted: string | null;
  /** Why the traffic or the host cannot be trusted. */
  untrusted: string[];
  conservation: RunResult['conservation'];
  probes: ProbeResult[];
  faults: FaultRun[];
  changes?: readonly ChangeRun[];
  /** Something is asked of the time in which faults are on. Default: yes. */
  asksDuring?: boolean;
  steps?: readonly StepResult[];
  /** What the method did and nobody could put back. */
  unrestored?: readonly string[];
  recoveryMs: number | null;
  recoveryWithinMs: number;
}

function sentenceOf(probe: ProbeResult): string {
  const isMeasured = probe.value !== null || probe.observed !== 'nothing to measure';
  const when = probe.phase === 'during' && probe.fault !== null ? `during ${probe.fault}` : probe.phase;
  return `${when}: "${probe.name}" ${isMeasured ? 'measured ' : ''}${probe.observed}, must be ${probe.wanted} (${probe.samples} samples).`;
}

function faultProblems({ status, removalBeganAtMs }: FaultRun): string[] {
  const name = `The fault ${status.fault} (${status.id})`;
  if (!status.proofOfEffect)
    return [`${name} ${status.error ? `could not act: ${status.error}` : 'has no proof of its effect'}.`];
  if (!status.proofOfEffect.holds) return [`${name} had no proven effect: ${status.proofOfEffect.evidence}.`];
  const problems: string[] = [];
  const early = removalBeganAtMs !== null && status.endedAtMs !== null && status.endedAtMs < removalBeganAtMs;
  if (early || (status.endedBy !== null && status.endedBy !== 'cleared')) {
    problems.push(`${name} came off before its time (${status.endedBy ?? 'by itself'}).`);
  }
  if (!status.proofOfRemoval)
    problems.push(`${name} has no proof of its removal${status.error ? `: ${status.error}` : ''}.`);
  else if (!status.proofOfRemoval.holds)
    problems.push(`${name} was not proven to be off: ${status.proofOfRemoval.evidence}.`);
  return problems;
}

/** Why the experiment has no ground to stand on, the most basic reason first; empty when the steady state held before it. */
export function groundProblems({
  untrusted,
  conservation,
  probes,
}: Pick<Findings, 'untrusted' | 'conservation' | 'probes'>): string[] {
  const before = probes.filter(({ phase }) => phase === 'before');
  const reasons = conservation.holds ? [] : [`The measurement does not add up: ${conservation.equation}.`];
  reasons.push(...untrusted);
  if (before.length === 0) reasons.push('The steady state was not observed.');
  for (const probe of before) {
    if (probe.inconclusive) reasons.push(`${sentenceOf(probe)} ${probe.inconclusive}`);
    else if (!probe.holds) reasons.push(`The steady state did not hold ${sentenceOf(probe)}`);
  }
  return reasons;
}

/**
 * The verdict, from what was measured alone:
 *
 * 1. `aborted` when it did not come to its end.
 * 2. `inconclusive` when the measurement does not add up or cannot be trusted, the steady state did not hold before
 *    the method, a step of it could not do what it should, a fault lacks the proof of its effect or of its removal, or
 *    something could not be put back.
 * 3. `failed` when a probe with enough samples is out of tolerance, or the steady state did not come back in time.
 * 4. `inconclusive` when a probe has too few samples, or was not measured.
 * 5. `passed`.
 */
export function decideVerdict(findings: Findings): { verdict: Verdict; reasons: string[] } {
  if (findings.aborted !== null) return { verdict: 'aborted', reasons: [findings.aborted] };

  const groundless = groundProblems(findings);
  if (groundless.length > 0) return { verdict: 'inconclusive', reasons: groundless };
  const { changes = [] } = findings;
  const { steps = [] } = findings;
  const failed = steps.flatMap(({ place, error }) => (error === null ? [] : [`The step ${place} failed: ${error}.`]));
  if (findings.faults.length + changes.length === 0 && failed.length > 0)
    return { verdict: 'inconclusive', reasons: failed };
  if (findings.faults.length + changes.length === 0) {
    return { verdict: 'inconclusive', reasons: ['No fault was injected, so that nothing was put to the test.'] };
  }
  const unproven = [
    ...findings.faults.flatMap(faultProblems),
    ...changes.flatMap(({ problem }) => problem ?? []),
    ...failed,
    ...(findings.unrestored ?? []),
  ];
  if (unproven.length > 0) return { verdict: 'inconclusive', reasons: unproven };

  const judged = findings.probes.filter(({ phase }) => phase !== 'before');
  const failures = judged.filter((probe) => !probe.holds && !probe.inconclusive).map(sentenceOf);
  if (findings.recoveryMs === null) {
    failures.push(`The steady state did not hold again within ${findings.recoveryWithinMs} ms after the last fault.`);
  }
  if (failures.length > 0) return { verdict: 'failed', reasons: failures };

  const unclear = judged
    .filter((probe) => probe.inconclusive)
    .map((probe) => `${sentenceOf(probe)} ${probe.inconclusive}`);
  const { asksDuring = true } = findings;
  for (const phase of asksDuring ? (['during', 'after'] as const) : (['after'] as const)) {
    if (!judged.some((probe) => probe.phase === phase)) unclear.push(`Nothing was measured ${phase} the fault.`);
  }
  if (unclear.length > 0) return { verdict: 'inconclusive', reasons: unclear };

  const held = `All ${findings.probes.length} probes hold`;
  return {
    verdict: 'passed',
    reasons: [`${held}, and the steady state held again after ${Math.round(findings.recoveryMs ?? 0)} ms.`],
  };
}
