import { z } from 'zod';
import { faultStep } from './actions/steps.ts';
import type { Catalogue, FaultDefinition, KindDefinition } from './definition.ts';
import { documentSchema, nodeSchema } from './document.ts';
import { experimentSchema } from './experiment.ts';
import { faultTargetSchema } from './fault.ts';
import { parallelStep, simpleStepSchema } from './step.ts';

/**
 * JSON Schema of a document with the kinds and faults of a catalogue, for editors. It says what fields there are;
 * whether ids, edges and routes fit together is more than a schema can say, and is the business of `parseDocument`.
 */
export function documentJsonSchema({ kinds, faults }: Catalogue): Record<string, unknown> {
  const experiment = experimentSchema.extend({ method: methodWith(faults.map(stepOf)) });
  const schema = documentSchema.extend({
    nodes: z.array(z.union(kinds.map(node))).default([]),
    experiments: z.array(experiment).default([]),
  });
  // Draft 7 is what editors know best; `input` leaves out what has a default.
  return { ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'ref' }), title: 'Archipel document' };
}

/** The method with each fault's own parameters, in its branches too. */
function methodWith(faults: readonly z.ZodType[]) {
  const simple = [...simpleStepSchema.options.filter((step) => step !== faultStep), ...faults];
  const parallel = parallelStep.extend({
    branches: z
      .array(z.array(z.union(simple)).min(1))
      .min(1)
      .max(16),
  });
  return z.array(z.union([...simple, parallel])).min(1);
}

const node = ({ kind, title, help, config }: KindDefinition) =>
  nodeSchema.extend({ kind: z.literal(kind), config: config.prefault({}) }).meta({ title, description: help });

function stepOf({ fault, title, help, target, parameters }: FaultDefinition) {
  const [process, edge, edges, ...several] = faultTargetSchema.options;
  return faultStep
    .extend({
      fault: z.literal(fault),
      target: z.union([...(target === 'edge' ? [edge, edges] : [process]), ...several]),
      parameters: parameters.prefault({}),
    })
    .meta({ title, description: help });
}
