import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

const YEAR_MS = 366 * 24 * 3_600_000;

export const clockSkewDefinition = defineFault({
  fault: 'clock-skew',
  title: 'Clock skew',
  help: 'The wall clock of the process goes wrong by an offset: what its program and its handlers read from Date.now() and new Date(), and with it the times to live of an embedded cache. Timers and the monotonic clock (performance.now, process.hrtime) are not moved, nor is any other process.',
  target: 'process',
  family: 'resource',
  staysReady: true,
  ramps: { offsetMs: 0 },
  parameters: z.strictObject({
    offsetMs: z
      .number()
      .int()
      .min(-YEAR_MS)
      .max(YEAR_MS)
      .refine((value) => value !== 0, 'must not be 0: that is no skew')
      .default(60_000)
      .meta({ title: 'Offset (ms)', description: 'Above 0 the clock is fast, below 0 it is slow.' }),
  }),
  defaults: {},
  limits: {},
});
