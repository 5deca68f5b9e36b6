import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const quota429Definition = defineFault({
  fault: 'quota-429',
  title: 'Quota (429)',
  help: 'The gateway has a quota: what comes beyond it is answered with HTTP status 429 and Retry-After, and fails with the reason "throttled" at the gateway. Each of its replicas has a quota of its own.',
  target: 'process',
  family: 'control',
  staysReady: true,
  parameters: z.strictObject({
    ratePerSec: z.number().min(0.01).max(1_000_000).default(10).meta({
      title: 'Rate',
      description: 'Requests per second that it lets in; so many may also come at once after a pause, at least one.',
    }),
    retryAfterS: z.number().int().min(0).max(86_400).default(1).meta({
      title: 'Retry after',
      description: 'What the answer tells in Retry-After, in seconds.',
    }),
  }),
  defaults: {},
  limits: {},
});
