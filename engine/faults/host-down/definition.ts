import { downParameters, downParts } from '../define-down.ts';
import { defineFault } from '../define-fault.ts';

export const hostDownDefinition = defineFault({
  fault: 'host-down',
  title: 'Host down',
  help: 'A machine is gone: every process in it is killed and stays down until the fault comes off, and nobody outside can connect to it, not even where a replica is started meanwhile.',
  target: 'group',
  family: 'group',
  parameters: downParameters,
  composition: { groups: ['host'], parts: downParts },
  defaults: {},
  limits: {},
});
