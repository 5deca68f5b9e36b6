import type { ProbeLook, ProbeResult } from '../api/types.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import type { Probe } from '../model/experiment.ts';
import { probeDefinition } from '../model/probe.ts';
import { SHOWN_LINES } from '../model/probes/log.ts';
import { boundsOf } from '../model/tolerance.ts';
import { LOG_LAG_MS, type RecordedLook } from './looks.ts';
import { jsonText, observedText, wantedText } from './probe-words.ts';
import type { ProbeWindow } from './probes.ts';
import { type Judged, tolerate } from './tolerate.ts';

const MAX_EVIDENCE = 20;

interface Decision extends Judged {
  value: unknown;
  /** Looks that it rests on. */
  looks: readonly RecordedLook[];
}

export interface LookContext {
  looks: readonly RecordedLook[];
  /** What the probe saw last in the steady state. */
  before: unknown;
}

/** Looks that began and ended within the range. */
const within = (looks: readonly RecordedLook[], { fromMs, toMs }: TimeRange): RecordedLook[] =>
  looks.filter((look) => look.fromMs >= fromMs && look.toMs <= toMs);

/** What a probe saw last in a range; null where it saw nothing. */
export const lastSeen = (looks: readonly RecordedLook[], range: TimeRange): unknown =>
  within(looks, range).at(-1)?.look?.value ?? null;

export function judgeLooks(
  probe: Probe,
  { phase, fault, window, record = null }: ProbeWindow,
  context: LookContext,
): ProbeResult {
  const decision = decide(probe, window, context);
  const { value, looks, holds, margin, problem } = decision;
  const lines = context.looks
    .flatMap(({ look }) => look?.lines ?? [])
    .filter(({ atMs }) => atMs >= window.fromMs && atMs < window.toMs)
    .slice(0, SHOWN_LINES);
  const unit = looks.findLast(({ look }) => look)?.look?.unit ?? 'none';
  const error = looks.length > 0 && looks.every(({ look }) => !look) ? looks.at(-1)?.error : null;
  return {
    name: probe.name,
    measure: probe.measure.type,
    phase,
    fault,
    window: { ...window },
    value: typeof value === 'number' ? value : null,
    observed: error ? `nothing: ${error}` : observedText(value, unit),
    unit,
    samples: looks.length,
    tolerance: boundsOf(probe.tolerance),
    wanted: wantedText(probe.tolerance, unit),
    margin,
    holds,
    inconclusive: problem ?? (looks.length === 0 ? 'It was not looked at in this time; lengthen the phase.' : null),
    evidence: {
      ...{ window: { ...window }, record, counters: {}, looks: evidence(probe, looks, context.before) },
      ...(lines.length > 0 && { lines }),
    },
  };
}

/** Whether each look holds, for those who look for the moment from which all of them do. */
export const holdsAt = (probe: Probe, look: RecordedLook, before: unknown): boolean =>
  judgeOne(probe, look, before).holds;

function judgeOne(probe: Probe, { look, scope }: RecordedLook, before: unknown): Judged {
  if (!look) return { holds: false, margin: null, problem: null };
  return tolerate(look.value, probe.tolerance, { ...scope, before });
}

function decide(probe: Probe, window: TimeRange, { looks: all, before }: LookContext): Decision {
  const over = probeDefinition(probe.measure.type)?.over?.(probe.measure) ?? 'each';
  if (over === 'sum') {
    // What a look gathered has moments of its own: looks that reach over an edge count for their part.
    const looks = all.filter(({ fromMs, toMs }) => toMs >= window.fromMs && fromMs - LOG_LAG_MS <= window.toMs);
    const value = all
      .flatMap(({ look }) => look?.moments ?? [])
      .filter((atMs) => atMs >= window.fromMs && atMs < window.toMs).length;
    const gathered = all.some(({ look, fromMs }) => look && fromMs - LOG_LAG_MS >= window.toMs);
    if (!gathered) return { value: null, looks: [], holds: false, margin: null, problem: null };
    return { value, looks, ...tolerate(value, probe.tolerance, { before }) };
  }
  const looks = within(all, window);
  if (looks.length === 0) return { value: null, looks, holds: false, margin: null, problem: null };
  if (over !== 'each') {
    const values = looks.flatMap(({ look }) => (typeof look?.value === 'number' ? [look.value] : []));
    if (values.length === 0) return { value: null, looks, holds: false, margin: null, problem: null };
    const value = aggregate(over, values);
    return { value, looks, ...tolerate(value, probe.tolerance, { ...looks.at(-1)?.scope, before }) };
  }
  const judged = looks.map((look) => ({ look, ...judgeOne(probe, look, before) }));
  const { require = 'every' } = probe;
  const decisive =
    (require === 'every' && judged.find(({ holds }) => !holds)) ||
    (require === 'some' && judged.find(({ holds }) => holds)) ||
    leastMargin(require === 'every' ? judged : judged.slice(-1));
  return {
    value: decisive?.look.look?.value ?? null,
    looks,
    holds: decisive?.holds ?? false,
    margin: decisive?.margin ?? null,
    problem: decisive?.problem ?? null,
  };
}

/** The one that came closest to not holding; the last one where there is no such distance. */
const leastMargin = <One extends Judged>(judged: readonly One[]): One | undefined =>
  judged.reduce<One | undefined>(
    (least, one) => (least?.margin == null || (one.margin ?? Number.POSITIVE_INFINITY) <= least.margin ? one : least),
    undefined,
  );

function aggregate(over: 'mean' | 'min' | 'max', values: readonly number[]): number {
  if (over === 'mean') return values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((found, value) => (over === 'min' ? Math.min(found, value) : Math.max(found, value)));
}

/** The first and the last looks, and the first that do not hold. */
function evidence(probe: Probe, looks: readonly RecordedLook[], before: unknown): ProbeLook[] {
  const told = looks.map((recorded): ProbeLook => {
    const { look, error, fromMs } = recorded;
    return {
      atMs: fromMs,
      value: look ? jsonText(look.value) : null,
      holds: judgeOne(probe, recorded, before).holds,
      note: error ?? look?.note ?? null,
    };
  });
  if (told.length <= MAX_EVIDENCE) return told;
  const broken = told.filter(({ holds }) => !holds).slice(0, MAX_EVIDENCE / 2);
  const edges = [...told.slice(0, 5), ...told.slice(-5)];
  return told.filter((look) => broken.includes(look) || edges.includes(look));
}
