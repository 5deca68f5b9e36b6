import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const hostDownDefinition = defineFault({
  fault: 'host-down',
  title: 'Host down',
  help: 'A machine is gone: every process in it is killed and stays down until the fault comes off, and nobody outside can connect to it.',
  target: 'group',
  family: 'group',
  parameters: z.strictObject({}),
  composition: { groups: ['host'], parts: () => [{ fault: 'kill', on: 'processes', parameters: {} }] },
  defaults: {},
  limits: {},
});
