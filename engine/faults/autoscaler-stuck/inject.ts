import { ArchipelError } from '../../model/error.ts';
import type { AutoscalerView, Injector, Measurement, NodeTarget } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';

const LOOK_EVERY_MS = 50;
/** Beside two sync periods, for what the engine has to do meanwhile. */
const SLACK_MS = 2000;

export const injectAutoscalerStuck: Injector<NodeTarget, Record<string, never>> = async (target, _, { id, signal }) => {
  const reason = `the fault ${id} holds it`;
  if (!target.autoscaler())
    throw new ArchipelError(
      'fault-impossible',
      `"${target.nodeId}" has no autoscaler that could get stuck.`,
      'Turn its autoscaling on, or choose another node.',
    );
  target.holdAutoscaler(reason);
  const from = target.autoscaler() as AutoscalerView;

  return {
    async proveEffect() {
      const now = await nextSync(target, from.syncs);
      if (!now) return noSync;
      const { syncs, heldBack, desired, heldBy } = now;
      return {
        holds: heldBy === reason && desired === from.desired,
        evidence: `held at ${syncs - from.syncs} syncs, ${heldBack - from.heldBack} of which wanted another number; ${replicas(from.desired)} before, ${replicas(desired)} now`,
      };
    },
    async proveRemoval() {
      const since = target.autoscaler()?.syncs ?? 0;
      const now = await nextSync(target, since);
      if (!now) return noSync;
      return {
        holds: now.heldBy !== reason,
        evidence: `it syncs again, and ${now.heldBy === reason ? 'is still held' : `nothing of the fault holds it; ${replicas(now.desired)} now`}`,
      };
    },
    undone: untilAborted(signal).then(() => target.holdAutoscaler(null)),
  };
};

const noSync: Measurement = { holds: false, evidence: 'the autoscaler did not sync in two of its periods' };
const replicas = (count: number): string => `${count} ${count === 1 ? 'replica' : 'replicas'}`;

/** How the autoscaler does as soon as it has synced once more than that; null when it does not. */
async function nextSync(target: NodeTarget, since: number): Promise<AutoscalerView | null> {
  const deadlineMs = performance.now() + 2 * (target.autoscaler()?.syncPeriodMs ?? 0) + SLACK_MS;
  while (performance.now() < deadlineMs) {
    const view = target.autoscaler();
    if (view && view.syncs > since) return view;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}
