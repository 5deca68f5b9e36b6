import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const zoneLatencyDefinition = defineFault({
  fault: 'zone-latency',
  title: 'Zone latency',
  help: 'The zone is far away: what comes back along every edge across its border is held back for some time. Within the zone nothing changes.',
  target: 'group',
  family: 'group',
  staysReady: true,
  parameters: z.strictObject({
    latencyMs: z.number().min(0).max(60_000).default(50).meta({
      title: 'Latency',
      description: 'Milliseconds that a round trip across the border takes longer.',
    }),
    jitterMs: z.number().min(0).max(60_000).default(0).meta({
      title: 'Jitter',
      description: 'The delay is drawn uniformly from latency ± jitter, never below 0. Order is kept.',
    }),
  }),
  composition: {
    groups: ['zone'],
    parts: ({ latencyMs, jitterMs }) => [
      { fault: 'latency', on: 'edges', parameters: { latencyMs, jitterMs, direction: 'downstream' } },
    ],
  },
  probability: 'connection',
  ramps: { latencyMs: 0, jitterMs: 0 },
  defaults: {},
  limits: {},
});
