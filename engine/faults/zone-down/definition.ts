import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const zoneDownDefinition = defineFault({
  fault: 'zone-down',
  title: 'Zone down',
  help: 'A part of a data centre is gone, with the hosts in it: every process in it is killed and stays down until the fault comes off, and nobody outside can connect to it.',
  target: 'group',
  family: 'group',
  parameters: z.strictObject({}),
  composition: { groups: ['zone'], parts: () => [{ fault: 'kill', on: 'processes', parameters: {} }] },
  defaults: {},
  limits: {},
});
