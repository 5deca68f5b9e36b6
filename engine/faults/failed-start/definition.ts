import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const failedStartDefinition = defineFault({
  fault: 'failed-start',
  title: 'Failed start',
  help: 'From now on a share of the starts fails: the process is started and ended before it is ready. A supervisor tries again after a while.',
  target: 'process',
  family: 'process',
  parameters: z.strictObject({
    failRate: z.number().gt(0).max(1).default(1).meta({
      title: 'Fail rate',
      description: 'Share of the starts that fails, drawn from the seed for each.',
    }),
    scope: z.enum(['replica', 'node']).default('node').meta({
      title: 'Which starts',
      description: 'Of this replica alone, or of all of its node, those that are added by scaling or a deploy too.',
    }),
    restart: z.boolean().default(true).meta({
      title: 'Restart now',
      description:
        'The process is restarted when the fault goes on, over and over until a start does not fail. Without it, the effect shows at the next start.',
    }),
    retryAfterMs: z.number().int().min(10).max(600_000).default(1000).meta({
      title: 'Retry after',
      description: 'How long the supervisor waits after a start that failed.',
    }),
  }),
  defaults: {},
  limits: {},
});
