import type { KindDefinition } from './definition.ts';

/** The field that counts replicas, and those that run whatever it says. Kinds without a field run as one process. */
export const replicaCounting = (definition: KindDefinition | undefined): { field: string; besides: number } =>
  definition?.replicaCount ?? { field: 'replicas', besides: 0 };

/** How many processes a node with this config has. */
export function replicaCount(definition: KindDefinition | undefined, config: Record<string, unknown>): number {
  const { field, besides } = replicaCounting(definition);
  const counted = config[field];
  return typeof counted === 'number' ? besides + counted : Math.max(1, besides);
}
