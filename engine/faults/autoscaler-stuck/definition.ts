import { z } from 'zod';
import { defineFault } from '../define-fault.ts';

export const autoscalerStuckDefinition = defineFault({
  fault: 'autoscaler-stuck',
  title: 'Autoscaler stuck',
  help: 'The autoscaler of the node goes on measuring, and changes nothing: as many replicas as now, whatever the load. A node that sleeps is not woken up.',
  target: 'node',
  family: 'control',
  staysReady: true,
  parameters: z.strictObject({}),
  defaults: {},
  limits: {},
});
