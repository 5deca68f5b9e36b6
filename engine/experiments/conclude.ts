import type { ExperimentResult, ProbeResult } from '../api/types.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Probe } from '../model/experiment.ts';
import { trafficProblems } from './guards.ts';
import { measureImpact } from './impact.ts';
import { judgeLooks, lastSeen } from './judge-looks.ts';
import { isLook } from './looks.ts';
import type { Observation } from './observation.ts';
import { faultWindow, measuredWindow, observationMs, type Timeline } from './phases.ts';
import { judgeProbe, type ProbeWindow } from './probes.ts';
import { findRecovery, looksHoldFrom, slidingWindowMs } from './recovery.ts';
import { decideVerdict, groundProblems } from './verdict.ts';

/** How it came to its end. */
export interface Ending {
  /** Why it ended early, or null. */
  aborted: string | null;
  stoppedBy: string | null;
  /** What could not be put back. */
  problems: readonly string[];
}

const beforeOf = ({ timeline: { steadyState }, looksOf }: Observation, probe: Probe): unknown =>
  steadyState && lastSeen(looksOf(probe), steadyState);

/** When the steady state held again after the last fault; null when it did not, or nobody looked. */
export function recoveredAt(observation: Observation): number | null {
  const { experiment, timeline, recording, looksOf } = observation;
  const { steadyState, recovery } = timeline;
  const probes = experiment.steadyStateHypothesis.probes.filter((probe) => !isLook(probe));
  if (!steadyState || !recovery) return null;
  const requestsAtMs = findRecovery(recording, probes, recovery, slidingWindowMs(recording, probes, steadyState));
  const looksAtMs = experiment.steadyStateHypothesis.probes
    .filter(isLook)
    .map((probe) => looksHoldFrom(probe, looksOf(probe), recovery, beforeOf(observation, probe)));
  if (requestsAtMs === null || looksAtMs.includes(null)) return null;
  return Math.max(requestsAtMs, ...looksAtMs.map(Number));
}

function judge(observation: Observation, probe: Probe, place: ProbeWindow): ProbeResult {
  const { recording, run, looksOf } = observation;
  const { record } = run;
  if (isLook(probe))
    return judgeLooks(probe, { ...place, record }, { looks: looksOf(probe), before: beforeOf(observation, probe) });
  return judgeProbe(recording, probe, { ...place, record }, place.phase === 'during' ? run : undefined);
}

function judgeBefore(observation: Observation): ProbeResult[] {
  const window = observation.timeline.steadyState;
  if (!window) return [];
  return observation.experiment.steadyStateHypothesis.probes.map((probe) =>
    judge(observation, probe, { phase: 'before', fault: null, window }),
  );
}

/** Effects with the time in which they were there. */
const effectsOf = ({ faults, changes }: Timeline): { id: string; on: TimeRange }[] =>
  [
    ...faults.map((fault) => ({ id: fault.status.id, on: faultWindow(fault) })),
    ...changes.map(({ id, window }) => ({ id, on: window })),
  ].flatMap(({ id, on }) => (on ? [{ id, on }] : []));

function judgeDuring(observation: Observation): ProbeResult[] {
  const { experiment, timeline, recording } = observation;
  return effectsOf(timeline).flatMap(({ id, on }) =>
    experiment.during.map((probe) =>
      judge(observation, probe, {
        phase: 'during',
        fault: id,
        window: isLook(probe) ? on : measuredWindow(recording, on),
      }),
    ),
  );
}

/** From the last removal to the recovery, and from there on. */
function judgeAfter(
  observation: Observation,
  recoveredAtMs: number | null,
): { after: TimeRange | null; probes: ProbeResult[] } {
  const { experiment, timeline } = observation;
  const { recovery, atRestMs } = timeline;
  if (!recovery) return { after: null, probes: [] };
  // Without a recovery the last of the observation is measured, so that the result shows what was wrong.
  const lastMs = Math.max(recovery.fromMs, recovery.toMs - observationMs(experiment));
  const after = { fromMs: recoveredAtMs ?? lastMs, toMs: recovery.toMs };
  const recovering = { fromMs: recovery.fromMs, toMs: recoveredAtMs ?? recovery.toMs };
  return {
    after,
    probes: [
      ...experiment.recovering.map((probe) =>
        judge(observation, probe, { phase: 'recovering', fault: null, window: recovering }),
      ),
      ...experiment.steadyStateHypothesis.probes.map((probe) =>
        judge(observation, probe, {
          phase: 'after',
          fault: null,
          window: isLook(probe) ? { ...after, toMs: atRestMs ?? after.toMs } : after,
        }),
      ),
    ],
  };
}

/** Why the traffic or the host cannot be trusted in the times when nothing should have been wrong. */
function untrusted(
  { timeline: { steadyState }, recording, scenario, hostBusy }: Observation,
  calm: (TimeRange | null)[],
): string[] {
  const problems = recording
    .lostClients()
    .map((client) => `The client ${client} ended in mid-run, so that its traffic is missing.`);
  if (steadyState) problems.push(...trafficProblems(recording, scenario, steadyState));
  for (const range of calm) {
    const busy = range && hostBusy(range);
    if (busy) problems.push(`The machine was too busy to measure: ${busy}.`);
  }
  return problems;
}

/** Why there is no steady state to start the method from; empty when there is one. */
export function steadyStateProblems(observation: Observation): string[] {
  return groundProblems({
    untrusted: untrusted(observation, [observation.timeline.steadyState]),
    conservation: observation.run.conservation,
    probes: judgeBefore(observation),
  });
}

/** Measures every probe on its part of the timeline and decides. Pure: the same observation gives the same verdict. */
export function conclude(observation: Observation, ending: Ending): Omit<ExperimentResult, 'journal'> {
  const { experiment, timeline, run, probed, steps, rollbacks } = observation;
  const { steadyState, recovery, faults, changes } = timeline;

  const recoveredAtMs = recoveredAt(observation);
  const tookMs = recovery && recoveredAtMs !== null ? recoveredAtMs - recovery.fromMs : null;
  const recoveryMs = tookMs !== null && tookMs <= experiment.recoveryWithinMs ? tookMs : null;
  const { after, probes: last } = judgeAfter(observation, recoveredAtMs);
  const probes = [...judgeBefore(observation), ...probed, ...judgeDuring(observation), ...last];
  const { verdict, reasons } = decideVerdict({
    aborted: ending.aborted,
    untrusted: untrusted(observation, [steadyState, after]),
    conservation: run.conservation,
    probes,
    faults,
    changes,
    asksDuring: experiment.during.length > 0,
    steps,
    unrestored: ending.problems,
    recoveryMs,
    recoveryWithinMs: experiment.recoveryWithinMs,
  });
  return {
    ...run,
    experiment: { name: experiment.name, title: experiment.title, statement: experiment.statement },
    verdict,
    reasons,
    probes,
    faults: faults.map(({ status }) => status),
    recoveryMs,
    impact: measureImpact({ ...observation, effects: effectsOf(timeline), recoveredAtMs }),
    steps: [...steps],
    rollbacks: [...rollbacks],
    stoppedBy: ending.stoppedBy,
  };
}
