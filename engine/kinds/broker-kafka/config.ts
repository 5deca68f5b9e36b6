import type { z } from 'zod';
import type { kafkaBrokerDefinition } from './definition.ts';

export type KafkaBrokerConfig = z.output<typeof kafkaBrokerDefinition.config>;

/** What brokers that we start are told, beside what the node says: people look on, and do not wait for minutes. */
export const QUICK = {
  groupMinSessionTimeoutMs: 100,
  retentionCheckIntervalMs: 500,
  compactionCheckIntervalMs: 1000,
  brokerSessionTimeoutMs: 1000,
  replicaLagMaxMs: 2000,
} as const;
