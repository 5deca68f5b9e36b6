import { z } from 'zod';
import type { Catalogue, FaultDefinition, KindDefinition } from './definition.ts';
import { documentSchema, nodeSchema } from './document.ts';
import { experimentSchema, methodStepSchema, targetSchema } from './experiment.ts';

/**
 * JSON Schema of a document with the kinds and faults of a catalogue, for editors. It says what fields there are;
 * whether ids, edges and routes fit together is more than a schema can say, and is the business of `parseDocument`.
 */
export function documentJsonSchema({ kinds, faults }: Catalogue): Record<string, unknown> {
  const [wait] = methodStepSchema.options;
  const experiment = experimentSchema.extend({
    method: z.array(z.union([wait, ...faults.map(faultStep)])).min(1),
  });
  const schema = documentSchema.extend({
    nodes: z.array(z.union(kinds.map(node))).default([]),
    experiments: z.array(experiment).default([]),
  });
  // Draft 7 is what editors know best; `input` leaves out what has a default.
  return { ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }), title: 'Archipel document' };
}

const node = ({ kind, title, help, config }: KindDefinition) =>
  nodeSchema.extend({ kind: z.literal(kind), config: config.prefault({}) }).meta({ title, description: help });

function faultStep({ fault, title, help, target, parameters }: FaultDefinition) {
  const [, step] = methodStepSchema.options;
  const [process, edge] = targetSchema.options;
  return step
    .extend({
      fault: z.literal(fault),
      target: target === 'process' ? process : edge,
      parameters: parameters.prefault({}),
    })
    .meta({ title, description: help });
}
