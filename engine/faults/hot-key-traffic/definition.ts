import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const hotKeyTrafficDefinition = defineFault({
  fault: 'hot-key-traffic',
  title: 'Hot key traffic',
  help: 'A share of the requests asks for one and the same key. Only routes with a ":name" in their path have keys.',
  target: 'process',
  family: 'traffic',
  staysReady: true,
  parameters: z.strictObject({
    share: z.number().min(0).max(1).default(0.8).meta({
      title: 'Share',
      description: 'Of the requests with keys, from 0 to 1; drawn for each.',
    }),
    key: z.number().int().min(1).max(1_000_000_000).default(1).meta({
      title: 'Key',
      description: 'The number that they ask for; 1 is the key that a skewed draw likes best anyway.',
    }),
  }),
  ramps: { share: 0 },
  defaults: {},
  limits: {},
});
