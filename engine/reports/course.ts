import type { DeployStatus, ProbeResult } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import { experimentOf, faultsIn, type Report } from './report.ts';
import { faultTitle } from './topology/acted-on.ts';

/** A stretch of the run in which something was so. */
export interface Span {
  lane: 'phase' | 'step' | 'fault' | 'change' | 'process';
  title: string;
  /** More about it, for who asks. */
  detail: string;
  fromMs: number;
  toMs: number;
  tone: 'calm' | 'before' | 'during' | 'after' | 'fault' | 'change' | 'bad';
}

/** What happened in the run, as stretches of time: phases, faults, changes, and processes that were not well. */
export function courseOf(report: Report): Span[] {
  const endMs = report.result.startedAtMs + report.result.durationMs;
  return [
    ...phasesOf(report),
    ...stepsOf(report, endMs),
    ...faultsOf(report, endMs),
    ...changesOf(report, endMs),
    ...illnessesOf(report, endMs),
  ]
    .filter(({ fromMs, toMs }) => toMs > report.result.startedAtMs && fromMs < endMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}

function phasesOf(report: Report): Span[] {
  const probes = experimentOf(report)?.probes ?? [];
  const span = (phase: ProbeResult['phase'], title: string, tone: Span['tone']): Span[] => {
    const windows = probes.filter((probe) => probe.phase === phase).map(({ window }) => window);
    if (windows.length === 0) return [];
    const fromMs = Math.min(...windows.map((window) => window.fromMs));
    const toMs = Math.max(...windows.map((window) => window.toMs));
    return [{ lane: 'phase', title, detail: 'as its probes measured it', fromMs, toMs, tone }];
  };
  const phases = [
    ...span('before', 'steady state', 'before'),
    ...span('during', 'method', 'during'),
    ...span('recovering', 'recovering', 'during'),
    ...span('after', 'steady state again', 'after'),
  ];
  const [first] = phases;
  if (first && first.fromMs > report.result.startedAtMs)
    phases.unshift({
      lane: 'phase',
      title: 'warm-up',
      detail: 'not measured',
      fromMs: report.result.startedAtMs,
      toMs: first.fromMs,
      tone: 'calm',
    });
  return phases;
}

/** Faults and changes have bars of their own, which are those of their effects. */
const stepsOf = (report: Report, endMs: number): Span[] =>
  [...(experimentOf(report)?.steps ?? []), ...(experimentOf(report)?.rollbacks ?? [])]
    .filter(({ type }) => !['fault', 'scale', 'deploy', 'wait'].includes(type))
    .map(({ place, type, name, startedAtMs, endedAtMs, error }) => ({
      lane: 'step',
      title: name === null ? `${type} (${place})` : `${type}: ${name}`,
      detail: error ?? place,
      fromMs: startedAtMs,
      toMs: endedAtMs ?? endMs,
      tone: error === null ? 'calm' : 'bad',
    }));

const faultsOf = (report: Report, endMs: number): Span[] =>
  faultsIn(report).map(({ fault, target, startedAtMs, endedAtMs, endedBy }) => ({
    lane: 'fault',
    title: `${faultTitle(fault)} · ${targetName(target)}`,
    detail: endedBy === null ? 'to the end' : `off: ${endedBy}`,
    fromMs: startedAtMs,
    toMs: endedAtMs ?? endMs,
    tone: 'fault',
  }));

function changesOf({ result }: Report, endMs: number): Span[] {
  const scaled = Object.entries(result.scaling).flatMap(([node, { events }]) =>
    events.map(
      ({ atMs, from, to, by, reason, doneAtMs }): Span => ({
        lane: 'change',
        title: `${node} ${from} → ${to}`,
        detail: `${by}: ${reason}`,
        fromMs: atMs,
        toMs: doneAtMs ?? endMs,
        tone: 'change',
      }),
    ),
  );
  return [...scaled, ...result.deploys.map((deploy) => deployed(deploy, endMs))];
}

const deployed = ({ node, version, strategy, phase, startedAtMs, endedAtMs }: DeployStatus, endMs: number): Span => ({
  lane: 'change',
  title: `deploy ${node} ${version} (${strategy})`,
  detail: phase,
  fromMs: startedAtMs,
  toMs: endedAtMs ?? endMs,
  tone: 'change',
});

/** From the first word that a process was dead, paused or degraded until it was ready again. */
function illnessesOf({ events, result }: Report, endMs: number): Span[] {
  const ill = new Map<string, Span>();
  const spans: Span[] = [];
  for (const { atMs, type, subject, text } of events) {
    if (type !== 'state' || subject === null || atMs < result.startedAtMs || atMs >= endMs) continue;
    const state = /^[a-z]+/.exec(text)?.[0] ?? '';
    const before = ill.get(subject);
    if (state === 'ready' || state === 'stopping') {
      if (before) before.toMs = atMs;
      ill.delete(subject);
    } else if (!before && ['dead', 'paused', 'degraded'].includes(state) && text !== 'dead: stopped') {
      const span: Span = {
        lane: 'process',
        title: `${subject} ${state}`,
        detail: text,
        fromMs: atMs,
        toMs: endMs,
        tone: 'bad',
      };
      ill.set(subject, span);
      spans.push(span);
    }
  }
  return spans;
}
