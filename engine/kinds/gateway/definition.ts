import { z } from 'zod';
import type { DocumentError } from '../../model/definition.ts';
import { defineKind } from '../define-kind.ts';
import { replicasField } from '../replicas.ts';

const ruleSchema = z.strictObject({
  /** Requests whose path is this or lies below it. */
  pathPrefix: z.string().regex(/^\/[^\s?#]*$/, 'must start with "/" and hold no space, "?" or "#"'),
  edge: z.string().min(1),
});

export const gatewayDefinition = defineKind({
  kind: 'gateway',
  title: 'Gateway',
  help: 'HTTP reverse proxy and load balancer: sends each request along the rule that matches its path, to the replicas in turn.',
  family: 'edge',
  config: z.strictObject({
    replicas: replicasField,
    rules: z.array(ruleSchema).default([]).meta({
      title: 'Rules',
      description:
        'Which path goes to which edge; the longest matching prefix wins. Without rules everything goes to the only edge.',
    }),
    balancing: z.enum(['round-robin', 'random', 'least-connections']).default('round-robin').meta({
      title: 'Balancing',
      description: 'How a replica of the target is chosen for each request.',
    }),
  }),
  defaults: {},
  accepts: 'http',
  calls: ['http'],
  applyConfig: 'live',
  faults: ['kill', 'pause'],
  fidelity: { real: ['an HTTP reverse proxy in its own process', 'balancing and connections'], modelled: [] },
  check({ config }, { node, outgoing }) {
    const errors: DocumentError[] = [];
    const edges = outgoing.map(({ edge }) => edge.id);
    const nextStep =
      edges.length > 0
        ? `Use one of ${edges.map((id) => `"${id}"`).join(', ')}.`
        : `Connect "${node.id}" to a server or service.`;
    config.rules.forEach((rule, index) => {
      if (!edges.includes(rule.edge))
        errors.push({
          path: `rules[${index}].edge`,
          message: `no edge "${rule.edge}" leaves node "${node.id}"`,
          nextStep,
        });
    });
    if (config.rules.length === 0 && edges.length > 1)
      errors.push({
        path: 'rules',
        message: 'several edges leave this gateway, and no rule says which path goes where',
        nextStep: 'Add one rule for each edge.',
      });
    return errors;
  },
});
