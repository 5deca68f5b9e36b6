import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const pauseDefinition = defineFault({
  fault: 'pause',
  title: 'Pause',
  help: 'Freezes the process: its sockets stay open and nothing answers, until the fault comes off.',
  target: 'process',
  family: 'process',
  parameters: z.strictObject({}),
  defaults: {},
  limits: {
    win32:
      'Windows cannot stop a process without a debugger: the event loop is blocked instead, and a program that is not ours cannot be paused.',
  },
  foreignLimits: {
    win32: 'Windows cannot stop a process without a debugger, and this program cannot block itself. Kill it instead.',
  },
});
