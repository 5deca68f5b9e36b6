import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const badDeployDefinition = defineFault({
  fault: 'bad-deploy',
  title: 'Bad deploy',
  help: 'A version that errors, is slow or leaks goes live on all replicas of the node at once, beside the old ones and without a canary, and is rolled back when the fault comes off. It shows as a deploy, with what users noticed of it.',
  target: 'process',
  family: 'process',
  staysReady: true,
  parameters: z.strictObject({
    behaviour: z.enum(['errors', 'slow', 'leak']).default('errors').meta({
      title: 'Behaviour',
      description: 'What is bad about it.',
    }),
    errorRatio: z.number().gt(0).max(1).default(0.5).meta({
      title: 'Error ratio',
      description: 'Of "errors": share of its requests that it fails, with reason "handler-error".',
    }),
    slowFactor: z.number().gt(1).max(1000).default(5).meta({
      title: 'Slow factor',
      description: 'Of "slow": each request takes so many times as long.',
    }),
    leakMbPerSec: z.number().positive().max(1000).default(20).meta({
      title: 'Leak (MB/s)',
      description: 'Of "leak": memory that each of its processes takes and never gives back.',
    }),
    leakLimitMb: z.number().int().min(1).max(4096).default(256).meta({
      title: 'Leak limit (MB)',
      description: 'Of "leak": a process that has leaked so much ends.',
    }),
  }),
  defaults: {},
  limits: {},
});
