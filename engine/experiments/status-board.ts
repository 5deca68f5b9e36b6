import type { ExperimentStatus, ProbeResult, StepResult } from '../api/types.ts';
import { isOfChange, type Probe } from '../model/experiment.ts';
import { probeDefinition } from '../model/probe.ts';
import type { Course } from './course.ts';
import { judgeLooks, lastSeen } from './judge-looks.ts';
import { isLook, type RecordedLook } from './looks.ts';
import { FRAME_LAG_MS, faultWindow, type Phase, plannedMs, remainingMs } from './phases.ts';
import { judgeProbe, type ProbeWindow } from './probes.ts';

/** How often the probes of the phase are measured for those who watch. */
const EVERY_MS = 500;
/** Over how much of the newest time. */
const WINDOW_MS = 5000;

/** Tells those who watch where an experiment is: its phase, what is done, what its probes measure, how long it still takes. */
export interface StatusBoard {
  enter(phase: Phase, verdict?: ExperimentStatus['verdict']): void;
  /** What a step does, in words, when it begins; null when it has ended. */
  tell(step: StepResult, words: string | null): void;
  /** A probe was measured apart from its phase, such as by a step. */
  measured(probe: ProbeResult): void;
  stop(): Promise<void>;
}

export function createStatusBoard(
  course: Course,
  onStatus: ((status: ExperimentStatus) => void) | undefined,
): StatusBoard {
  const { experiment, world } = course;
  const startedAtMs = world.now();
  const stopped = new AbortController();
  const doing = new Map<StepResult, string>();
  const phaseProbes = createPhaseProbes(course);
  let [phase, phaseStartedAtMs, verdict] = ['starting' as Phase, startedAtMs, null as ExperimentStatus['verdict']];
  let probes: ProbeResult[] = [];
  let lastProbe: ProbeResult | null = null;
  let watching: Promise<void> | null = null;

  const publish = (): void => {
    const nowMs = world.now();
    const phaseEndsAtMs = phaseStartedAtMs + plannedMs(experiment, phase);
    // Of a phase that takes longer than planned, nobody knows how much longer.
    const afterMs = remainingMs(experiment, phase) - plannedMs(experiment, phase);
    onStatus?.({
      name: experiment.name,
      phase,
      step: doing.size === 0 ? null : [...doing.values()].join(', '),
      startedAtMs,
      phaseStartedAtMs,
      phaseEndsAtMs,
      expectedEndAtMs: Math.max(nowMs, phaseEndsAtMs) + afterMs,
      verdict,
      steps: [...course.steps, ...course.rollbacks].map((step) => ({ ...step })),
      probes,
      lastProbe,
    });
  };

  const look = (): void => {
    probes = phaseProbes(phase, phaseStartedAtMs);
    const newest = probes.filter(({ samples }) => samples > 0).sort((a, b) => b.window.toMs - a.window.toMs)[0];
    if (newest && newest.window.toMs >= (lastProbe?.window.toMs ?? 0)) lastProbe = newest;
    publish();
  };

  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await world.wait(EVERY_MS, stopped.signal).catch(() => {});
      if (!stopped.signal.aborted) look();
    }
  };

  return {
    enter(next, given = null) {
      [phase, phaseStartedAtMs, verdict, probes] = [next, world.now(), given, []];
      if (onStatus && next === 'warm-up') watching ??= watch();
      publish();
    },
    tell(step, words) {
      if (words === null) doing.delete(step);
      else doing.set(step, words);
      publish();
    },
    measured(probe) {
      lastProbe = probe;
      publish();
    },
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}

/** The probes of a phase as they stand in it now. */
function createPhaseProbes(course: Course): (phase: Phase, phaseStartedAtMs: number) => ProbeResult[] {
  const { experiment, world, timeline, looks, probed } = course;
  /** What a look meant does not change: patterns and paths are held against each of them once. */
  const judged = new Map<string, { look: RecordedLook | undefined; result: ProbeResult }>();

  const judge = (probe: Probe, place: Omit<ProbeWindow, 'window'>, fromMs: number): ProbeResult => {
    const newestMs = world.now();
    if (!isLook(probe)) {
      const toMs = Math.max(fromMs, newestMs - FRAME_LAG_MS);
      const window = { fromMs: Math.max(fromMs, toMs - WINDOW_MS), toMs };
      const run = isOfChange(probe.measure) ? world.summary() : undefined;
      return judgeProbe(world.recording(), probe, { ...place, window }, run);
    }
    const all = looks.of(probe);
    const newest = all.at(-1);
    const key = JSON.stringify([probe, place, fromMs]);
    const known = judged.get(key);
    if (known && known.look === newest) return known.result;
    const over = probeDefinition(probe.measure.type)?.over?.(probe.measure) ?? 'each';
    const window = { fromMs: over === 'sum' ? fromMs : Math.max(fromMs, newestMs - WINDOW_MS), toMs: newestMs };
    const result = judgeLooks(
      probe,
      { ...place, window },
      {
        looks: over === 'each' ? all.slice(-1) : all,
        before: timeline.steadyState && lastSeen(all, timeline.steadyState),
      },
    );
    judged.set(key, { look: newest, result });
    return result;
  };

  const inForce = (): { id: string; fromMs: number } | null => {
    const faults = timeline.faults.flatMap((fault) => {
      const atMs = fault.status.proofOfEffect?.holds ? fault.status.proofOfEffect.atMs : null;
      return atMs === null || faultWindow(fault) ? [] : [{ id: fault.status.id, fromMs: atMs }];
    });
    const changes = course.steps.flatMap(({ id, begunAtMs }) =>
      begunAtMs !== null && timeline.changes.some((change) => change.id === id && change.removalBeganAtMs === null)
        ? [{ id: id as string, fromMs: begunAtMs }]
        : [],
    );
    return [...faults, ...changes].sort((a, b) => b.fromMs - a.fromMs)[0] ?? null;
  };

  return (phase, phaseStartedAtMs) => {
    const { probes: hypothesis } = experiment.steadyStateHypothesis;
    if (phase === 'steady-state')
      return hypothesis.map((probe) => judge(probe, { phase: 'before', fault: null }, phaseStartedAtMs));
    if (phase === 'method') {
      const effect = inForce();
      const during = effect
        ? experiment.during.map((probe) => judge(probe, { phase: 'during', fault: effect.id }, effect.fromMs))
        : [];
      return [...probed, ...during];
    }
    if (phase !== 'recovery') return [];
    const fromMs = timeline.recovery?.fromMs ?? phaseStartedAtMs;
    return [
      ...experiment.recovering.map((probe) => judge(probe, { phase: 'recovering', fault: null }, fromMs)),
      ...hypothesis.map((probe) => judge(probe, { phase: 'after', fault: null }, fromMs)),
    ];
  };
}
