import type { EngineFrame, ExperimentStatus, FaultPart, FaultStatus } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import type { RunEvent, Sample } from './record.ts';

/** What a record keeps of a live picture. */
export function sampleOf({ atMs, topology, traffic, nodes, edges, faults, experiment }: EngineFrame): Sample {
  return {
    atMs,
    topology,
    traffic: traffic && flatTraffic(traffic),
    nodes: Object.fromEntries(
      Object.values(nodes).map(({ id, replicas, ...figures }) => [
        id,
        {
          ...figures,
          replicas: replicas.filter(({ state }) => state === 'ready').length,
          cpu: replicas.reduce((sum, { cpu }) => sum + cpu, 0),
          rssBytes: replicas.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
          members: replicas,
        },
      ]),
    ),
    edges: Object.fromEntries(Object.values(edges).map(({ id, ...figures }) => [id, figures])),
    ...(faults.length > 0 && { faults }),
    ...(experiment && { experiment: withoutProbes(experiment) }),
  };
}

const flatTraffic = ({ window, ...traffic }: NonNullable<EngineFrame['traffic']>) => ({ ...traffic, ...window });

const withoutProbes = ({ probes, lastProbe, ...status }: ExperimentStatus) => status;

/** Tells what happened between one live picture and the next. */
export interface EventObserver {
  frame(frame: EngineFrame): RunEvent[];
  /** A fault that has just changed: of one that comes and goes quickly, no live picture shows every turn. */
  fault(fault: FaultStatus): RunEvent[];
}

export function createEventObserver(): EventObserver {
  const states = new Map<string, string>();
  const replicas = new Map<string, number>();
  const faults = new Set<string>();

  const faultEvents = (fault: FaultStatus): RunEvent[] => {
    const events: RunEvent[] = [];
    for (const { key, text, atMs } of stagesOf(fault)) {
      if (faults.has(key)) continue;
      faults.add(key);
      events.push({ atMs, type: 'fault', subject: targetName(fault.target), text });
    }
    return events;
  };

  const frameEvents = ({ atMs, nodes, faults: now }: EngineFrame): RunEvent[] => {
    const events: RunEvent[] = [];
    for (const { id, replicas: running } of Object.values(nodes)) {
      for (const { replica, pid, state, reason } of running) {
        const key = `${id}#${replica}`;
        const told = `${state} ${pid}`;
        if (states.get(key) === told) continue;
        states.set(key, told);
        const process = pid === null ? '' : `, process ${pid}`;
        events.push({ atMs, type: 'state', subject: key, text: `${state}${process}${reason ? `: ${reason}` : ''}` });
      }
      const count = running.length;
      const before = replicas.get(id);
      if (before !== undefined && before !== count)
        events.push({ atMs, type: 'scale', subject: id, text: `${before} → ${count} replicas` });
      replicas.set(id, count);
    }
    events.push(...now.flatMap(faultEvents));
    return events;
  };
  return { frame: frameEvents, fault: faultEvents };
}

/** Of a fault that is made of others: what each of them did, as far as it is told. */
function* partStages(id: string, parts: readonly FaultPart[]): Generator<{ key: string; text: string; atMs: number }> {
  for (const { fault, members, parameters, startedAtMs, endedAtMs, proofOfEffect, proofOfRemoval } of parts) {
    const places = members.map((member) => ('edge' in member ? member.edge : `${member.node}#${member.replica}`));
    const what = `${id}: ${fault} on ${places.join(', ')}`;
    const key = `${what} ${startedAtMs}`;
    yield { key: `${key} on`, text: `${what} ${JSON.stringify(parameters)}`, atMs: startedAtMs };
    if (proofOfEffect)
      yield { key: `${key} effect`, text: `${what}: effect ${told(proofOfEffect)}`, atMs: proofOfEffect.atMs };
    if (endedAtMs !== null) yield { key: `${key} off`, text: `${what}: off`, atMs: endedAtMs };
    if (proofOfRemoval)
      yield { key: `${key} removal`, text: `${what}: removal ${told(proofOfRemoval)}`, atMs: proofOfRemoval.atMs };
  }
}

function* stagesOf(fault: FaultStatus): Generator<{ key: string; text: string; atMs: number }> {
  const { id, proofOfEffect, proofOfRemoval } = fault;
  yield { key: `${id} on`, text: `${id} on ${JSON.stringify(fault.parameters)}`, atMs: fault.startedAtMs };
  // Of one with a schedule: each of its turns.
  if (fault.course.schedule && fault.activations > 0) {
    const turn = `${id} turn ${fault.activations}`;
    if (fault.active) yield { key: turn, text: turn, atMs: Date.now() };
    else if (fault.endedAtMs === null) yield { key: `${turn} over`, text: `${turn} over`, atMs: Date.now() };
  }
  if (proofOfEffect)
    yield { key: `${id} effect`, text: `${id} effect ${told(proofOfEffect)}`, atMs: proofOfEffect.atMs };
  if (fault.endedAtMs !== null)
    yield { key: `${id} off`, text: `${id} off (${fault.endedBy ?? fault.error})`, atMs: fault.endedAtMs };
  if (proofOfRemoval)
    yield { key: `${id} removal`, text: `${id} removal ${told(proofOfRemoval)}`, atMs: proofOfRemoval.atMs };
  yield* partStages(id, fault.parts ?? []);
}

const told = ({ holds, evidence }: { holds: boolean; evidence: string }): string =>
  `${holds ? 'proven' : 'not proven'}: ${evidence}`;
