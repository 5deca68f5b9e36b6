import { downParameters, downParts } from '../define-down.ts';
import { defineFault } from '../define-fault.ts';

export const zoneDownDefinition = defineFault({
  fault: 'zone-down',
  title: 'Zone down',
  help: 'A part of a data centre is gone, with the hosts in it: every process in it is killed and stays down until the fault comes off, and nobody outside can connect to it, not even where a replica is started meanwhile.',
  target: 'group',
  family: 'group',
  parameters: downParameters,
  composition: { groups: ['zone'], parts: downParts },
  defaults: {},
  limits: {},
});
