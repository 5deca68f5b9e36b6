import { z } from 'zod';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

export const processState = defineProbe({
  title: 'Process',
  help: 'The state of a node or of one of its processes, how many of them take requests, or whether one is alive.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('process'),
    node: z.string().min(1),
    replica: z.number().int().min(0).optional().meta({
      title: 'Replica',
      description: 'Without it: the node as a whole.',
    }),
    read: z.enum(['state', 'ready', 'alive']).default('state').meta({
      title: 'Judged',
      description:
        'Its state (such as "ready" or "dead"), how many replicas are ready, or whether every process has a pid.',
    }),
  }),
  check: nodeOf,
  async look({ node, replica, read }, sight) {
    const seen = sight.picture().nodes[node];
    if (!seen) throw new Error(`the node ${node} does not run`);
    const replicas = seen.replicas.filter((one) => replica === undefined || one.replica === replica);
    const note = replicas
      .map((one) => `${one.replica} ${one.state}${one.pid === null ? '' : ` pid ${one.pid}`}`)
      .join(', ');
    if (read === 'ready')
      return { value: replicas.filter(({ state }) => state === 'ready').length, unit: 'count', note };
    if (read === 'alive')
      return { value: replicas.length > 0 && replicas.every(({ pid }) => pid !== null), unit: 'none', note };
    return { value: replica === undefined ? seen.state : (replicas[0]?.state ?? 'stopped'), unit: 'none', note };
  },
});
