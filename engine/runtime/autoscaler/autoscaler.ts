import type { AutoscalerStatus } from '../../api/types.ts';
import type { ReplicaLoad } from '../../metrics/node-window.ts';
import type { Autoscaling } from '../../model/scaling.ts';
import type { Member } from '../running-node.ts';
import { createDecider, type Decision, type HeldBy } from './decide.ts';
import { createLagMeter, type LagFigures } from './lag.ts';
import { neededFor, sampleOf } from './node-load.ts';

/** What an autoscaler sees of its node at a sync. */
export interface NodeSight {
  nowMs: number;
  desired: number;
  members: readonly Member[];
  load(replica: number): ReplicaLoad | null;
  /** Cumulative requests, and those in hand now. */
  requests: number;
  inFlight: number;
  /** A deploy decides which replicas there are. */
  deploying: boolean;
  /** No more fit, and why; null: no such limit. */
  ceiling: { replicas: number; reason: string } | null;
}

/** Follows the load of one node. It decides; somebody else scales. */
export interface Autoscaler {
  isDue(nowMs: number): boolean;
  /** How many replicas there should be, and why; null when all is well as it is. */
  sync(sight: NodeSight): { replicas: number; reason: string } | null;
  /** A connection waits for a replica of a node that has none. */
  wanted(nowMs: number): void;
  status(): Omit<AutoscalerStatus, 'figures'>;
  /** Syncs so far, and how many of them wanted a change that a hold kept back. */
  counts(): { syncs: number; heldBack: number };
  lag(range: { fromMs: number; toMs: number }): LagFigures;
}

const heldByText: Record<Exclude<HeldBy, 'ceiling'>, string> = {
  'no-metric': 'no replica tells its load yet',
  tolerance: 'the load is within the tolerance',
  stabilisation: 'a recommendation within the stabilisation window changes less',
  policy: 'a policy allows no faster change',
  min: 'fewer are not allowed',
  max: 'more are not allowed',
};

/** `config` is read at each sync, and `hold`: why it may change nothing just now, or null. */
export function createAutoscaler(config: () => Autoscaling, hold: () => string | null = () => null): Autoscaler {
  const decider = createDecider(config);
  const lag = createLagMeter();
  let nextSyncMs = 0;
  let decision: Decision | null = null;
  let heldBy: string | null = null;
  let requests = -1;
  let idleSinceMs: number | null = null;
  const counts = { syncs: 0, heldBack: 0 };

  const watchIdle = (sight: NodeSight): void => {
    if (sight.requests !== requests || sight.inFlight > 0 || idleSinceMs === null) idleSinceMs = sight.nowMs;
    requests = sight.requests;
  };

  /** As KEDA does it beside the HorizontalPodAutoscaler: from any number to none when nothing was asked for a while. */
  const hasIdled = ({ nowMs }: NodeSight): boolean => {
    const { minReplicas, idleBeforeZeroMs } = config();
    return minReplicas === 0 && idleSinceMs !== null && nowMs - idleSinceMs >= idleBeforeZeroMs;
  };

  const change = (sight: NodeSight, replicas: number, reason: string) => {
    if (hold() !== null) {
      counts.heldBack += 1;
      return null;
    }
    lag.changed({ atMs: sight.nowMs, from: sight.desired, to: replicas });
    return { replicas, reason };
  };

  return {
    isDue: (nowMs) => nowMs >= nextSyncMs,
    sync(sight) {
      const { nowMs, desired, members } = sight;
      const { syncPeriodMs, metric, tolerance, warmUpMs } = config();
      nextSyncMs = nowMs + syncPeriodMs;
      counts.syncs += 1;
      watchIdle(sight);
      if (sight.deploying) {
        heldBy = 'a deploy is under way';
        return null;
      }
      if (desired === 0) {
        decision = null;
        heldBy = null;
        return null;
      }
      const samples = members.map((member) =>
        sampleOf(member, sight.load(member.replica), { metric, warmUpMs, nowMs }),
      );
      decision = decider.decide({ nowMs, current: desired, samples, ceiling: sight.ceiling?.replicas ?? null });
      const { measured } = decision;
      heldBy =
        decision.heldBy === 'ceiling'
          ? (sight.ceiling?.reason ?? null)
          : decision.heldBy && heldByText[decision.heldBy];
      lag.sync({
        atMs: nowMs,
        overloaded: measured !== null && measured / metric.target > 1 + tolerance,
        desired,
        ready: members.filter(({ role, running }) => role === 'live' && running?.process.state === 'ready').length,
        needed: neededFor(metric, samples),
      });
      if (hasIdled(sight)) return change(sight, 0, 'nothing was asked for a while');
      if (decision.desired === desired) return null;
      return change(
        sight,
        decision.desired,
        measured === null
          ? 'the limits have changed'
          : `${metric.type} ${measured.toFixed(2)} per replica, target ${metric.target}`,
      );
    },
    wanted(nowMs) {
      idleSinceMs = nowMs;
    },
    status() {
      const { metric, minReplicas, maxReplicas } = config();
      return {
        metric: metric.type,
        target: metric.target,
        minReplicas,
        maxReplicas,
        measured: decision?.measured ?? null,
        recommended: decision?.recommended ?? null,
        heldBy: hold() ?? heldBy,
      };
    },
    counts: () => ({ ...counts }),
    lag: lag.figures,
  };
}
