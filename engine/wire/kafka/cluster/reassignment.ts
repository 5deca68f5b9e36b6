import type { PartitionMetadata } from './metadata.ts';

export const isMoving = ({ adding, removing }: PartitionMetadata): boolean =>
  Boolean(adding?.length || removing?.length);

/** The partition is to lie on those brokers; until all of them have it, those before them keep it too. */
export function begin(partition: PartitionMetadata, target: readonly number[]): void {
  partition.adding = target.filter((id) => !partition.replicas.includes(id));
  partition.removing = partition.replicas.filter((id) => !target.includes(id));
  partition.replicas = [...target, ...partition.removing];
}

/** Who was to have it and has it not, or not for long, does without it. */
export function takeBack(partition: PartitionMetadata): void {
  const { adding = [] } = partition;
  partition.replicas = partition.replicas.filter((id) => !adding.includes(id));
  partition.isr = partition.isr.filter((id) => !adding.includes(id));
  delete partition.adding;
  delete partition.removing;
}

/** Once all that are new are in sync, the others let the partition go, and the leader counts anew who follows. */
export function end(partition: PartitionMetadata): void {
  const { adding = [], removing = [] } = partition;
  const staying = partition.isr.filter((id) => !removing.includes(id));
  if (!isMoving(partition) || staying.length === 0 || !adding.every((id) => staying.includes(id))) return;
  partition.replicas = partition.replicas.filter((id) => !removing.includes(id));
  partition.isr = staying;
  if (removing.length > 0 && !removing.includes(partition.leader)) partition.leaderEpoch += 1;
  delete partition.adding;
  delete partition.removing;
}
