import { z } from 'zod';
import type { Catalogue, FaultDefinition, KindDefinition } from './definition.ts';
import { documentSchema, nodeSchema } from './document.ts';
import { experimentSchema, methodStepSchema } from './experiment.ts';
import { faultTargetSchema } from './fault.ts';

/**
 * JSON Schema of a document with the kinds and faults of a catalogue, for editors. It says what fields there are;
 * whether ids, edges and routes fit together is more than a schema can say, and is the business of `parseDocument`.
 */
export function documentJsonSchema({ kinds, faults }: Catalogue): Record<string, unknown> {
  const others = methodStepSchema.options.filter((step) => step !== faultStepSchema);
  const experiment = experimentSchema.extend({
    method: z.array(z.union([...others, ...faults.map(faultStep)])).min(1),
  });
  const schema = documentSchema.extend({
    nodes: z.array(z.union(kinds.map(node))).default([]),
    experiments: z.array(experiment).default([]),
  });
  // Draft 7 is what editors know best; `input` leaves out what has a default.
  return { ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'ref' }), title: 'Archipel document' };
}

const [, faultStepSchema] = methodStepSchema.options;

const node = ({ kind, title, help, config }: KindDefinition) =>
  nodeSchema.extend({ kind: z.literal(kind), config: config.prefault({}) }).meta({ title, description: help });

function faultStep({ fault, title, help, target, parameters }: FaultDefinition) {
  const [process, edge, edges, ...several] = faultTargetSchema.options;
  return faultStepSchema
    .extend({
      fault: z.literal(fault),
      target: z.union([...(target === 'process' ? [process] : [edge, edges]), ...several]),
      parameters: parameters.prefault({}),
    })
    .meta({ title, description: help });
}
