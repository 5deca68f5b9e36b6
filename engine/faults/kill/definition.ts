import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const killDefinition = defineFault({
  fault: 'kill',
  title: 'Kill',
  help: 'Ends the process, at once or after some requests, and keeps it down until the fault comes off; or lets a supervisor start it again, as often as it is killed. When the fault comes off a process runs.',
  target: 'process',
  family: 'process',
  parameters: z
    .strictObject({
      graceful: z.boolean().default(false).meta({
        title: 'Graceful',
        description: 'Asks the process to drain and exit first, instead of ending it at once.',
      }),
      afterRequests: z.number().int().min(0).max(10_000_000).default(0).meta({
        title: 'After requests',
        description:
          'It is killed once it has answered so many more requests, by its own count, which comes 5 times a second; in a crash loop after each start. 0: it is killed without waiting for any.',
      }),
      restart: z.enum(['never', 'always']).default('never').meta({
        title: 'Restart',
        description: 'Never: it stays down until the fault comes off. Always: a supervisor starts it again.',
      }),
      restartAfterMs: z.number().int().min(0).max(600_000).default(1000).meta({
        title: 'Restart after',
        description: 'How long the supervisor waits, after each end and after each start that failed.',
      }),
      times: z.number().int().min(1).max(1000).default(1).meta({
        title: 'Times',
        description: 'How often it is killed. More than once is a crash loop, and needs a restart.',
      }),
      upMs: z.number().int().min(0).max(600_000).default(1000).meta({
        title: 'Up',
        description: 'In a crash loop, how long it runs at least before it is killed again.',
      }),
    })
    .refine(({ times, restart }) => times === 1 || restart === 'always', {
      path: ['restart'],
      message: 'must be "always" for a process that is killed more than once',
    }),
  defaults: {},
  limits: {
    win32: 'Windows has no signals: a program that is not ours cannot be asked to end gracefully, and ends at once.',
  },
});
