/** How long the replicas of each node have run, all together. */
export interface ReplicaTime {
  /** To be called at each change of what runs, and before it is read. */
  count(running: Readonly<Record<string, number>>): void;
  /** Cumulative, in milliseconds; nodes that are gone stay. */
  ofNode(nodeId: string): number;
}

export function createReplicaTime(now: () => number = () => performance.now()): ReplicaTime {
  const sums = new Map<string, number>();
  let running: Readonly<Record<string, number>> = {};
  let countedMs = now();
  return {
    count(changed) {
      const nowMs = now();
      for (const [nodeId, replicas] of Object.entries(running))
        sums.set(nodeId, (sums.get(nodeId) ?? 0) + replicas * (nowMs - countedMs));
      countedMs = nowMs;
      running = changed;
    },
    ofNode: (nodeId) => sums.get(nodeId) ?? 0,
  };
}
