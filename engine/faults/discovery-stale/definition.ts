import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const discoveryStaleDefinition = defineFault({
  fault: 'discovery-stale',
  title: 'Discovery stale',
  help: 'The process goes on with the addresses that it knows: replicas that are added get none of its requests, and those that are gone get theirs still, where they are refused. Shows once the replicas of a target change.',
  target: 'process',
  family: 'control',
  staysReady: true,
  parameters: z.strictObject({
    ttlMs: z.number().int().min(1).max(3_600_000).default(30_000).meta({
      title: 'Time to live',
      description: 'Milliseconds for which a list of addresses is used on after it has changed.',
    }),
    pattern: z.string().max(500).default('').meta({
      title: 'Pattern',
      description:
        'Only calls along edges with such an id, or to nodes with such an id: "*" stands for any characters, "?" for one. Empty: all.',
    }),
  }),
  defaults: {},
  limits: {},
});
