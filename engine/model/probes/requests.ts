import { z } from 'zod';
import { defineProbe } from './define-probe.ts';

const route = z
  .string()
  .optional()
  .meta({ title: 'Route', description: 'Such as "GET /orders". Without it: all requests.' });

export const successRatio = defineProbe({
  title: 'Success ratio',
  help: 'Share of the requests that were served; those that could not be sent count as not served.',
  by: 'requests',
  measure: z.strictObject({ type: z.literal('success-ratio'), route }),
});

export const latency = defineProbe({
  title: 'Latency',
  help: 'A percentile of the time from when a request was meant to start until its answer.',
  by: 'requests',
  measure: z.strictObject({
    type: z.literal('latency'),
    percentile: z.number().min(1).max(99.99).meta({ title: 'Percentile' }),
    route,
  }),
});

export const throughput = defineProbe({
  title: 'Throughput',
  help: 'Requests that were served, per second.',
  by: 'requests',
  measure: z.strictObject({ type: z.literal('throughput'), route }),
});
