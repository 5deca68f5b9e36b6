import type { NodeLimit } from '../api/types.ts';
import type { ProcessFrame } from '../process-kit/protocol.ts';

/*
 * Which limit binds: what would have to grow so that a node could do more. Each node is judged by its own figures first;
 * one that only waits for a node that is at a limit itself is bound by that callee.
 */

/** From this share on a resource counts as used up: queues grow without bound only at 1, but are long before. */
const SATURATED = 0.9;
/** From this mean lag on the event loop is in the way, whoever holds it up. A frame's timer is at most 1 ms late by itself. */
const LAG_MS = 20;
/** A callee that takes less than this share of a node's time is not what holds it up. */
const MOST = 0.5;

/** Figures of one node in a stretch of time. */
export interface NodeLoad {
  /** Used share of the CPU that it can use: for a program of ours one core for each process. */
  cpu: number;
  /** How much its counters grew: those of its kind, and those of `loadCounters`. */
  grown: Readonly<Record<string, number>>;
}

/** Beside the counters of its kind, what every frame says of the load of its process. */
export function loadCounters({ handlingMs, eventLoop, calls }: ProcessFrame): Record<string, number> {
  const counters: Record<string, number> = {};
  if (handlingMs !== undefined) counters.handlingMs = handlingMs;
  if (eventLoop) Object.assign(counters, { loopLateMs: eventLoop.lateMs, loopTicks: eventLoop.ticks });
  for (const [edgeId, { timeMs, counters: ofEdge }] of Object.entries(calls ?? {})) {
    if (timeMs !== undefined) counters[callTime(edgeId)] = timeMs;
    if (ofEdge?.poolWaitMs) counters[poolTime(edgeId)] = ofEdge.poolWaitMs;
  }
  return counters;
}

const callTime = (edgeId: string): string => `callMs ${edgeId}`;
const poolTime = (edgeId: string): string => `poolMs ${edgeId}`;

export function limitsOf(
  loads: Readonly<Record<string, NodeLoad>>,
  edges: readonly { id: string; source: string; target: string }[],
): Record<string, NodeLimit | null> {
  const limits: Record<string, NodeLimit | null> = {};
  /** A node in a circle of calls is judged by itself while it is looked at. */
  const limitOf = (nodeId: string): NodeLimit | null => {
    const known = limits[nodeId];
    const load = loads[nodeId];
    if (known !== undefined || !load) return known ?? null;
    limits[nodeId] = ownLimit(load);
    // A CPU that is used up stays so however fast the callees are.
    if (limits[nodeId]?.limit === 'cpu') return limits[nodeId];
    const callee = edges
      .filter(({ source }) => source === nodeId)
      .map((edge) => ({ edge, share: shareOfCalls(load, edge.id) }))
      .sort((a, b) => b.share - a.share)[0];
    const theirs = callee && callee.share >= MOST ? limitOf(callee.edge.target) : null;
    if (callee && theirs)
      limits[nodeId] = {
        limit: 'callee',
        edge: callee.edge.id,
        detail: `${percent(callee.share)} of its time goes into calls of "${callee.edge.target}", where ${theirs.detail}`,
      };
    else if (callee && callee.share >= MOST) limits[nodeId] = poolLimit(load, callee.edge) ?? limits[nodeId];
    return limits[nodeId];
  };
  for (const nodeId of Object.keys(loads)) limitOf(nodeId);
  return limits;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The callee could do more, if more of the node's calls were let through to it at once. */
function poolLimit({ grown }: NodeLoad, { id, target }: { id: string; target: string }): NodeLimit | null {
  const share = shareOf(grown[poolTime(id)], grown[callTime(id)]);
  if (share < MOST) return null;
  return {
    limit: 'pool',
    edge: id,
    detail: `${percent(share)} of the time of its calls of "${target}" is a wait for a connection of their pool`,
  };
}

const shareOf = (part = 0, whole = 0): number => (whole > 0 ? part / whole : 0);

function ownLimit({ cpu, grown }: NodeLoad): NodeLimit | null {
  const { loopLateMs = 0, loopTicks = 0, busySlotMs = 0, slotMs = 0, queueFull = 0, shed = 0 } = grown;
  if (cpu >= SATURATED) return { limit: 'cpu', edge: null, detail: `its CPU is busy ${percent(cpu)} of the time` };
  const lagMs = loopTicks > 0 ? loopLateMs / loopTicks : 0;
  if (lagMs >= LAG_MS)
    return {
      limit: 'event-loop',
      edge: null,
      detail: `its event loop runs ${Math.round(lagMs)} ms late with its CPU at ${percent(cpu)}: long pieces of work, or a computer that is too busy`,
    };
  const locked = shareOf(grown.lockWaitMs, grown.activeMs);
  if (locked >= MOST)
    return {
      limit: 'locks',
      edge: null,
      detail: `${percent(locked)} of the time of its statements is a wait for locks that others hold`,
    };
  const taken = shareOf(grown.connectionMs, grown.connectionLimitMs);
  if (taken >= SATURATED)
    return { limit: 'connections', edge: null, detail: `${percent(taken)} of its max connections are taken` };
  const busy = shareOf(busySlotMs, slotMs);
  if (busy >= SATURATED)
    return { limit: 'slots', edge: null, detail: `its slots are busy ${percent(busy)} of the time` };
  if (queueFull + shed > 0)
    return {
      limit: 'queue',
      edge: null,
      detail: `it refused ${queueFull + shed} requests with its slots busy ${percent(busy)} of the time: bursts are longer than the queue`,
    };
  return null;
}

/** Of the time in which a node holds requests, its own queue left out. */
function shareOfCalls({ grown }: NodeLoad, edgeId: string): number {
  const { handlingMs = 0, slotMs = 0, busySlotMs = 0 } = grown;
  const heldMs = slotMs > 0 ? busySlotMs : handlingMs;
  return shareOf(grown[callTime(edgeId)], heldMs);
}
