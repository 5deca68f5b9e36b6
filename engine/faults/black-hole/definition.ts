import { z } from 'zod';
import { directionField } from '../define-direction.ts';
import { defineFault } from '../define-fault.ts';

export const blackHoleDefinition = defineFault({
  fault: 'black-hole',
  title: 'Black hole',
  help: 'Connections are accepted and their bytes swallowed, also their end: nobody learns anything. What was swallowed never appears: a connection that lost something ends with a reset when the fault comes off.',
  target: 'edge',
  family: 'network',
  parameters: z.strictObject({ direction: directionField('both') }),
  probability: 'connection',
  defaults: {},
  limits: {},
});
