/** Spreads replicas over brokers: leaders go round, and followers stand beside them. */
export function assignReplicas(options: {
  brokers: readonly number[];
  partitions: number;
  replicationFactor: number;
  /** Where the round begins. */
  startAt: number;
}): number[][] {
  const { brokers, partitions, replicationFactor, startAt } = options;
  return Array.from({ length: partitions }, (_, partition) =>
    Array.from({ length: replicationFactor }, (__, i) => brokers[(startAt + partition + i) % brokers.length] as number),
  );
}
