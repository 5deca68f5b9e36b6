import type { Experiment } from '../../../engine/model/experiment.ts';
import { type Key, t } from '../../i18n/t.ts';
import { type Lane, laneOf, lanes } from './lanes.ts';
import { asList, asMs, type Step, type StepPath, stepKey } from './steps.ts';

export interface Bar {
  path: StepPath;
  step: Step;
  lane: Lane;
  /** Below others of its lane that are on at the same time. */
  row: number;
  fromMs: number;
  toMs: number;
  /** It is over earlier if what it waits for comes. */
  atMost: boolean;
}

export interface PhaseSpan {
  phase: 'warm-up' | 'steady-state' | 'method' | 'recovery' | 'rollback';
  title: string;
  /** The field that says how long it is; null where its steps do. */
  field: 'warmUpMs' | 'steadyStateMs' | 'recoveryWithinMs' | null;
  fromMs: number;
  toMs: number;
}

export interface Layout {
  phases: PhaseSpan[];
  bars: Bar[];
  lanes: { lane: Lane; title: Key; rows: number }[];
  totalMs: number;
}

/** What a wait for something is drawn as: nobody knows how long it takes, only how long at most. */
const NOMINAL_WAIT_MS = 3000;
/** A step that happens at once takes this much room, so that two of them do not cover each other. */
const INSTANT_MS = 400;

interface Span {
  fromMs: number;
  toMs: number;
}
type Spans = Map<string, Span & { path: StepPath; step: Step }>;

/** Where everything of an experiment stands in time if all goes to plan. Reads what is incomplete as far as it can. */
export function layoutOf(experiment: Experiment): Layout {
  const warmUpMs = asMs(experiment.warmUpMs, 2000);
  const methodMs = warmUpMs + asMs(experiment.steadyStateMs, 5000);
  // Who waits for a step that stands later knows its time only after it was placed once.
  let spans: Spans = new Map();
  let methodEndMs = methodMs;
  for (let pass = 0; pass < 4; pass++) {
    const before = spans;
    spans = new Map();
    methodEndMs = place(experiment.method, ['method'], methodMs, spans, named(before));
    if (sameSpans(before, spans)) break;
  }
  for (const span of spans.values()) if (isUntilTheEnd(span.step)) span.toMs = methodEndMs;
  const recoveredMs = methodEndMs + asMs(experiment.recoveryWithinMs, 5000);
  const rollbacks: Spans = new Map();
  const endMs = place(experiment.rollbacks, ['rollbacks'], recoveredMs, rollbacks, new Map());
  const bars = [...spans.values(), ...rollbacks.values()].map(
    ({ path, step, fromMs, toMs }): Bar => ({
      path,
      step,
      lane: laneOf(step),
      row: 0,
      fromMs,
      toMs,
      atMost: step.type === 'wait-until' || step.type === 'wait-for',
    }),
  );
  return {
    phases: [
      { phase: 'warm-up', title: t('Warm-up'), field: 'warmUpMs', fromMs: 0, toMs: warmUpMs },
      { phase: 'steady-state', title: t('Steady state'), field: 'steadyStateMs', fromMs: warmUpMs, toMs: methodMs },
      { phase: 'method', title: t('Method'), field: null, fromMs: methodMs, toMs: methodEndMs },
      { phase: 'recovery', title: t('Recovery'), field: 'recoveryWithinMs', fromMs: methodEndMs, toMs: recoveredMs },
      ...(rollbacks.size > 0
        ? [{ phase: 'rollback' as const, title: t('Rollback'), field: null, fromMs: recoveredMs, toMs: endMs }]
        : []),
    ],
    bars,
    lanes: lanes.map(({ lane, title }) => ({ lane, title, rows: stack(bars.filter((bar) => bar.lane === lane)) })),
    totalMs: endMs,
  };
}

/** Places steps one after the other and says when all of them, also those in the background, are over. */
function place(steps: unknown, path: StepPath, startMs: number, spans: Spans, byName: Map<string, Span>): number {
  let cursorMs = startMs;
  let overMs = startMs;
  for (const [index, step] of asList<Step>(steps).entries()) {
    const at = [...path, index];
    const fromMs = cursorMs + asMs(step.pauses?.beforeMs);
    const span = { path: at, step, fromMs, toMs: fromMs };
    spans.set(stepKey(at), span);
    if (step.type === 'parallel')
      for (const [number, branch] of asList<Step[]>(step.branches).entries())
        span.toMs = Math.max(span.toMs, place(branch, [...at, 'branches', number], fromMs, spans, byName));
    else span.toMs = fromMs + plannedMs(step, fromMs, byName);
    const doneMs = span.toMs + asMs(step.pauses?.afterMs);
    overMs = Math.max(overMs, doneMs);
    if (!step.background) cursorMs = doneMs;
  }
  return overMs;
}

function plannedMs(step: Step, fromMs: number, byName: Map<string, Span>): number {
  switch (step.type) {
    case 'wait':
    case 'fault':
    case 'observe':
    case 'deploy':
      return asMs(step.durationMs, INSTANT_MS);
    case 'scale':
    case 'edit':
      return asMs(step.durationMs, INSTANT_MS);
    case 'wait-until':
      return Math.min(NOMINAL_WAIT_MS, asMs(step.timeoutMs, NOMINAL_WAIT_MS));
    case 'wait-for': {
      const target = byName.get(step.step);
      const untilMs = step.until === 'begun' ? target?.fromMs : target?.toMs;
      return Math.max(0, Math.min((untilMs ?? fromMs) - fromMs, asMs(step.timeoutMs, 60_000)));
    }
    default:
      return INSTANT_MS;
  }
}

/** What is changed without a duration stays so until the method is over. */
const isUntilTheEnd = (step: Step): boolean =>
  (step.type === 'scale' || step.type === 'edit') && step.durationMs === undefined;

const named = (spans: Spans): Map<string, Span> =>
  new Map([...spans.values()].flatMap((span) => (span.step.name ? [[span.step.name, span] as const] : [])));

const sameSpans = (a: Spans, b: Spans): boolean =>
  a.size === b.size &&
  [...b].every(([key, { fromMs, toMs }]) => a.get(key)?.fromMs === fromMs && a.get(key)?.toMs === toMs);

/** Gives each bar the first row that is free in its time; says how many there are. */
function stack(bars: readonly Bar[]): number {
  const freeFromMs: number[] = [];
  for (const bar of [...bars].sort((a, b) => a.fromMs - b.fromMs)) {
    const free = freeFromMs.findIndex((fromMs) => fromMs <= bar.fromMs);
    bar.row = free < 0 ? freeFromMs.length : free;
    freeFromMs[bar.row] = Math.max(bar.toMs, bar.fromMs + INSTANT_MS);
  }
  return freeFromMs.length;
}
