import { z } from 'zod';
import { cutField } from '../define-cut.ts';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const partitionDefinition = defineFault({
  fault: 'partition',
  title: 'Partition',
  help: 'Cuts the edges of its target, such as all that lead into a zone or out of it: in both directions, in one, or only for a share of the connections.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({ how: cutField('black-hole'), direction: directionField('both') }),
  probability: 'connection',
  defaults: {},
  limits: { win32: 'Windows tries a refused connection again: a caller notices after about two seconds.' },
});
