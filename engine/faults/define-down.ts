import { z } from 'zod';
import type { ComposedPart } from '../model/definition.ts';

/** How machines that are gone treat whoever connects to them. */
export const downParameters = z.strictObject({
  connections: z.enum(['refuse', 'black-hole']).default('refuse').meta({
    title: 'Connections',
    description:
      'Refuse: callers learn at once that nobody is there, as where the machine runs and its programs do not. Black hole: they learn nothing until their own time limit, as where it has lost its power.',
  }),
});

/** The edges first: from a machine without power comes no farewell either. */
export const downParts = ({ connections }: z.output<typeof downParameters>): ComposedPart[] => [
  {
    fault: connections,
    on: 'incoming-edges',
    parameters: connections === 'refuse' ? { resetOpen: true } : {},
  },
  { fault: 'kill', on: 'processes', parameters: {} },
];
