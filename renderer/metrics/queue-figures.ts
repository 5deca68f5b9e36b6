import type { QueueStatus } from '../../engine/api/types.ts';

/** What is shown of one queue, stream or topic. Null: its broker does not say. */
export interface QueueFigures {
  destination: string;
  depth: number | null;
  inPerSec: number;
  outPerSec: number;
  lag: number | null;
  oldestMs: number | null;
  unacked: number | null;
  redelivered: number;
  deadLettered: number;
  lost: number;
  /** Of those that each get every message: what they still have to do, and what they have done. */
  groups: readonly GroupFigures[];
}

export interface GroupFigures {
  name: string;
  open: number;
  done: number;
  lost: number;
}

/** Each destination once. Several subscriptions get the same messages: what comes in is one, what is done is each one's own. */
export function queueFigures(queues: readonly QueueStatus[]): QueueFigures[] {
  const found = new Map<string, QueueFigures>();
  for (const { destination, subscription, depth, lag, oldestMs, unacked, inPerSec, outPerSec, counts } of queues) {
    const { redelivered, deadLettered, lost } = counts;
    const group = {
      name: subscription,
      open: counts.inBroker + counts.inFlight,
      done: counts.done,
      lost,
    };
    const known = found.get(destination);
    if (known)
      Object.assign(known, {
        inPerSec: Math.max(known.inPerSec, inPerSec),
        outPerSec: known.outPerSec + outPerSec,
        redelivered: known.redelivered + redelivered,
        deadLettered: known.deadLettered + deadLettered,
        lost: known.lost + lost,
        groups: [...known.groups, group],
      });
    else {
      const own = { inPerSec, outPerSec, redelivered, deadLettered, lost, groups: [group] };
      found.set(destination, { destination, depth, lag, oldestMs, unacked, ...own });
    }
  }
  return [...found.values()];
}
