import type { ExperimentResult, ProbeResult, RunResult } from '../api/types.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import { trafficProblems } from './guards.ts';
import { faultWindow, measuredWindow, observationMs, type Timeline } from './phases.ts';
import { judgeProbe } from './probes.ts';
import { findRecovery, slidingWindowMs } from './recovery.ts';
import { decideVerdict, groundProblems } from './verdict.ts';

/** What an experiment has observed, or has so far. */
export interface Observation {
  experiment: Experiment;
  scenario: Scenario;
  timeline: Timeline;
  recording: Recording;
  /** The traffic as a whole. */
  run: RunResult;
  hostBusy(range: TimeRange): string | null;
}

/** When the steady state held again after the last fault; null when it did not, or nobody looked. */
export function recoveredAt({
  experiment,
  timeline,
  recording,
}: Pick<Observation, 'experiment' | 'timeline' | 'recording'>): number | null {
  const { steadyState, recovery } = timeline;
  const { probes } = experiment.steadyStateHypothesis;
  if (!steadyState || !recovery) return null;
  return findRecovery(recording, probes, recovery, slidingWindowMs(recording, probes, steadyState));
}

function judgeBefore({ experiment, timeline, recording }: Observation): ProbeResult[] {
  const window = timeline.steadyState;
  if (!window) return [];
  return experiment.steadyStateHypothesis.probes.map((probe) =>
    judgeProbe(recording, probe, { phase: 'before', fault: null, window }),
  );
}

function judgeDuring({ experiment, timeline, recording, run }: Observation): ProbeResult[] {
  const windows = [
    ...timeline.faults.map((fault) => ({ id: fault.status.id, on: faultWindow(fault) })),
    ...timeline.changes.map(({ id, window }) => ({ id, on: window })),
  ];
  return windows.flatMap(({ id, on }) => {
    if (!on) return [];
    const window = measuredWindow(recording, on);
    return experiment.during.map((probe) => judgeProbe(recording, probe, { phase: 'during', fault: id, window }, run));
  });
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
export function conclude(observation: Observation, aborted: string | null): Omit<ExperimentResult, 'journal'> {
  const { experiment, timeline, recording, run } = observation;
  const { steadyState, recovery, faults, changes } = timeline;

  const recoveredAtMs = recoveredAt(observation);
  const tookMs = recovery && recoveredAtMs !== null ? recoveredAtMs - recovery.fromMs : null;
  const recoveryMs = tookMs !== null && tookMs <= experiment.recoveryWithinMs ? tookMs : null;
  // Without a recovery the last of the observation is measured, so that the result shows what was wrong.
  const lastMs = recovery && Math.max(recovery.fromMs, recovery.toMs - observationMs(experiment));
  const after = recovery && { fromMs: recoveredAtMs ?? lastMs ?? recovery.fromMs, toMs: recovery.toMs };

  const probes = [...judgeBefore(observation), ...judgeDuring(observation)];
  if (after) {
    const place = { phase: 'after', fault: null, window: after } as const;
    probes.push(...experiment.steadyStateHypothesis.probes.map((probe) => judgeProbe(recording, probe, place)));
  }
  const { verdict, reasons } = decideVerdict({
    aborted,
    untrusted: untrusted(observation, [steadyState, after]),
    conservation: run.conservation,
    probes,
    faults,
    changes,
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
    ...{ impact: null, steps: [], rollbacks: [], stoppedBy: null },
  };
}
