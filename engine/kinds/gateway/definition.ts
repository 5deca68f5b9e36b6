import { z } from 'zod';
import {
  balancingSchema,
  cookieNameSchema,
  hashKeySchema,
  healthCheckSchema,
  outlierEjectionSchema,
  passiveHealthSchema,
  replicaWeightSchema,
} from '../../model/balancing.ts';
import type { DocumentError } from '../../model/definition.ts';
import { edgeOfPath } from '../../model/path-rules.ts';
import { defineKind } from '../define-kind.ts';
import { callingProgram } from '../fault-lists.ts';
import { replicasField } from '../replicas.ts';

const ruleSchema = z.strictObject({
  /** Requests whose path is this or lies below it. */
  pathPrefix: z.string().regex(/^\/[^\s?#]*$/, 'must start with "/" and hold no space, "?" or "#"'),
  edge: z.string().min(1),
});

export const gatewayDefinition = defineKind({
  kind: 'gateway',
  title: 'Gateway',
  help: 'HTTP reverse proxy and load balancer: sends each request along the rule that matches its path, to a replica that it chooses.',
  family: 'edge',
  config: z.strictObject({
    replicas: replicasField,
    rules: z.array(ruleSchema).default([]).meta({
      title: 'Rules',
      description:
        'Which path goes to which edge; the longest matching prefix wins. Without rules everything goes to the only edge.',
    }),
    balancing: balancingSchema.default('round-robin').meta({
      title: 'Balancing',
      description: 'How a replica of the target is chosen for each request.',
    }),
    weights: z.array(replicaWeightSchema).max(256).default([]).meta({
      title: 'Weights',
      description: 'With "weighted": how much each replica gets, relative to the others.',
    }),
    hashKey: hashKeySchema.default({ source: 'path' }).meta({
      title: 'Hash key',
      description: 'With "consistent-hash": requests with the same path, header or cookie go to the same replica.',
    }),
    stickyCookie: cookieNameSchema.default('archipel-replica').meta({
      title: 'Sticky cookie',
      description:
        'With "sticky": the cookie by which the gateway knows a caller\'s replica again; "-" and the edge\'s id are added.',
    }),
    healthCheck: healthCheckSchema.optional().meta({
      title: 'Active health checks',
      description: 'Asks each replica at an interval, and sends nothing to those that do not answer.',
    }),
    passiveHealth: passiveHealthSchema.optional().meta({
      title: 'Passive health checks',
      description: 'Sends nothing for a while to a replica that could not be reached, as NGINX does.',
    }),
    outlierEjection: outlierEjectionSchema.optional().meta({
      title: 'Outlier ejection',
      description: 'Sends nothing for a growing while to a replica whose requests fail, as Envoy does.',
    }),
    slowStartMs: z.number().int().min(0).max(600_000).default(0).meta({
      title: 'Slow start',
      description:
        'The share of a replica that is new, or returns, grows to its full size in this time. 0: at once. Not with "consistent-hash".',
    }),
  }),
  defaults: {},
  accepts: 'http',
  calls: ['http'],
  applyConfig: 'live',
  faults: [...callingProgram, 'quota-429', 'bad-health-check'],
  measures: [
    {
      id: 'available',
      title: 'Replicas in',
      help: 'Replicas that take requests, over all edges of the gateway.',
      unit: 'count',
      source: { type: 'gauge', gauge: 'available', over: 'mean' },
      onCard: true,
    },
    {
      id: 'out',
      title: 'Replicas out',
      help: 'Replicas that get nothing, because a health check, failures or an ejection say so.',
      unit: 'count',
      source: { type: 'gauge', gauge: 'out', over: 'mean' },
    },
    {
      id: 'ejected',
      title: 'Ejected',
      help: 'Those of them that are ejected as outliers.',
      unit: 'count',
      source: { type: 'gauge', gauge: 'ejected', over: 'mean' },
    },
    {
      id: 'ejections',
      title: 'Ejections',
      help: 'How often an outlier was ejected.',
      unit: 'count',
      source: { type: 'total', counter: 'ejections' },
    },
    {
      id: 'share-error',
      title: 'Share error',
      help: 'How far the share of a replica is from what its weight says, at most, since the replicas last changed.',
      unit: 'ratio',
      source: { type: 'gauge', gauge: 'share-error', over: 'max' },
    },
  ],
  fidelity: {
    real: ['an HTTP reverse proxy in its own process', 'balancing, health checks, ejection, connections'],
    modelled: [],
  },
  causes({ rules }, request, edges) {
    // It sends on what it gets, and nothing of its own.
    if (!request) return [];
    const edge = rules.length === 0 ? edges[0] : edgeOfPath(request.path, rules);
    return edge === undefined ? [] : [{ ...request, edge, at: null }];
  },
  check({ config }, { node, outgoing }) {
    const errors: DocumentError[] = [];
    const edges = outgoing.map(({ edge }) => edge.id);
    const nextStep =
      edges.length > 0
        ? `Use one of ${edges.map((id) => `"${id}"`).join(', ')}.`
        : `Connect "${node.id}" to a server or service.`;
    const named = [
      ...config.rules.map(({ edge }, index) => ({ edge, path: `rules[${index}].edge` })),
      ...config.weights.map(({ edge }, index) => ({ edge, path: `weights[${index}].edge` })),
    ];
    for (const { edge, path } of named)
      if (edge !== undefined && !edges.includes(edge))
        errors.push({ path, message: `no edge "${edge}" leaves node "${node.id}"`, nextStep });
    if (config.weights.length > 0 && config.balancing !== 'weighted')
      errors.push({
        path: 'weights',
        message: `weights have no effect with balancing "${config.balancing}"`,
        nextStep: 'Set balancing to "weighted", or remove the weights.',
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
