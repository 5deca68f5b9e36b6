import { z } from 'zod';
import { defineKind } from '../define-kind.ts';
import { trafficProgram } from '../fault-lists.ts';

export const clientDefinition = defineKind({
  kind: 'client',
  title: 'Client',
  help: 'Sends the traffic of a scenario and records what comes back, measured from the intended start of each request.',
  family: 'traffic',
  config: z.strictObject({
    maxQueued: z.number().int().min(0).max(1_000_000).default(100_000).meta({
      title: 'Max waiting requests',
      description:
        'Requests that wait in the client for a free connection. An arrival beyond this is dropped and counted.',
    }),
  }),
  defaults: {},
  accepts: null,
  calls: ['http'],
  applyConfig: 'live',
  faults: trafficProgram,
  fidelity: {
    real: ['requests over TCP, their pace and their latency'],
    modelled: ['who the users are and what they want'],
  },
});
