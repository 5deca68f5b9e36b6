import type { EngineFrame, FaultStatus, NodeState } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { stateTitles } from '../ui/state-titles.ts';

/** How people call what the tidings are about. */
export interface Names {
  node(id: string): string;
  fault(fault: FaultStatus): string;
  experiment(name: string): string;
}

/** More nodes than that in one state at once are counted instead of named. */
const MOST_NAMED = 4;

/** States that somebody who does not look at the canvas has to hear of, and the return from them. */
const alarming: readonly NodeState[] = ['dead', 'degraded', 'paused'];

const isFaultOn = ({ state }: FaultStatus): boolean => state === 'on' || state === 'ending';

/** What changed from one picture to the next, in sentences for a screen reader, the most important last. */
export function tidings(before: EngineFrame | null, after: EngineFrame | null, names: Names): string[] {
  if (!after || !before) return [];
  // A sweep starts and stops topologies as it goes; its end is what counts.
  if (after.sweep?.state === 'running') return before.sweep?.state === 'running' ? [] : [t('A measurement began.')];
  return [
    ...topologyTidings(before, after),
    ...nodeTidings(before, after, names),
    ...faultTidings(before, after, names),
    ...experimentTidings(before, after, names),
    ...(before.sweep?.state === 'running'
      ? [t('The measurement ended: {{state}}.', { state: said(after.sweep?.state ?? 'stopped') })]
      : []),
  ];
}

function topologyTidings(before: EngineFrame, after: EngineFrame): string[] {
  if (after.problem !== null && after.problem !== before.problem) return [said(after.problem)];
  if (before.topology === after.topology) return [];
  if (after.topology === 'running') return [t('Everything runs.')];
  return after.topology === 'stopped' ? [t('Everything is stopped.')] : [];
}

function nodeTidings(before: EngineFrame, after: EngineFrame, names: Names): string[] {
  if (after.topology !== 'running' || before.topology !== 'running') return [];
  const changed = Object.values(after.nodes).filter(({ id, state }) => {
    const old = before.nodes[id]?.state;
    return (
      old !== undefined && old !== state && (alarming.includes(state) || (state === 'ready' && alarming.includes(old)))
    );
  });
  return [...new Set(changed.map(({ state }) => state))].flatMap((state) => {
    const nodes = changed.filter((node) => node.state === state);
    const word = state === 'ready' ? t('ready again') : t(stateTitles[state]);
    if (nodes.length > MOST_NAMED) return t('{{count}} nodes are {{state}}.', { count: nodes.length, state: word });
    return nodes.map(({ id, reason }) =>
      reason && state !== 'ready'
        ? t('{{name}} is {{state}}: {{reason}}.', { name: names.node(id), state: word, reason: said(reason) })
        : t('{{name}} is {{state}}.', { name: names.node(id), state: word }),
    );
  });
}

function faultTidings(before: EngineFrame, after: EngineFrame, names: Names): string[] {
  const old = new Map(before.faults.map((fault) => [fault.id, fault]));
  return after.faults.flatMap((fault) => {
    const was = old.get(fault.id);
    if (isFaultOn(fault) && !(was && isFaultOn(was))) return t('Fault on: {{fault}}.', { fault: names.fault(fault) });
    if (fault.state === was?.state || !was) return [];
    if (fault.state === 'failed')
      return t('Fault failed: {{fault}}: {{error}}.', {
        fault: names.fault(fault),
        error: fault.error === null ? t('no reason was given') : said(fault.error),
      });
    return fault.state === 'off' ? t('Fault off: {{fault}}.', { fault: names.fault(fault) }) : [];
  });
}

function experimentTidings(before: EngineFrame, { experiment: now }: EngineFrame, names: Names): string[] {
  const was = before.experiment;
  if (!now || (was?.startedAtMs === now.startedAtMs && was.phase === now.phase)) return [];
  const name = names.experiment(now.name);
  if (now.phase === 'done')
    return now.verdict === null ? [] : [t('Verdict of {{name}}: {{verdict}}.', { name, verdict: said(now.verdict) })];
  return [t('Experiment {{name}}: {{phase}}.', { name, phase: said(now.phase) })];
}
