import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const badHealthCheckDefinition = defineFault({
  fault: 'bad-health-check',
  title: 'Bad health check',
  help: 'The active health checks of the gateway are taken for what they are not. A replica that fails fast and counts as healthy draws requests, most of all with least-connections: a sinkhole. Without active health checks it has no effect.',
  target: 'process',
  family: 'control',
  staysReady: true,
  parameters: z.strictObject({
    reports: z.enum(['healthy', 'unhealthy']).default('healthy').meta({
      title: 'Reports',
      description: 'What each check of the replica is taken for, whatever it saw.',
    }),
    replica: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .meta({ title: 'Replica', description: 'Number of the replica that is checked.' }),
    edge: z.string().max(200).default('').meta({
      title: 'Edge',
      description: 'Only of the target of this edge of the gateway. Empty: of each.',
    }),
  }),
  defaults: {},
  limits: {},
});
