import { z } from 'zod';
import { nodeById, text } from '../checks/outline.ts';
import { defineProbe } from './define-probe.ts';
import { edgeOf, nodeOf } from './names.ts';

export const http = defineProbe({
  title: 'HTTP answer',
  help: 'A real request of its own to a node, or through an edge; what comes back is judged.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('http'),
    node: z.string().min(1).optional().meta({ title: 'Node', description: 'It is asked at its own port.' }),
    edge: z.string().min(1).optional().meta({
      title: 'Edge',
      description: 'Instead of a node: asked through its link, so that faults on the edge are felt.',
    }),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']).default('GET'),
    path: z
      .string()
      .regex(/^\/[^\s]*$/, 'must start with "/" and hold no blanks')
      .max(2000)
      .default('/'),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().max(100_000).optional(),
    timeoutMs: z.number().int().min(1).max(60_000).default(2000).meta({ title: 'Timeout' }),
    read: z.enum(['status', 'body', 'latency']).default('status').meta({
      title: 'Judged',
      description: 'The status code, the body (JSON where it is), or the time until the whole answer was there.',
    }),
  }),
  check(measure, path, outline) {
    const problems = [...nodeOf(measure, path, outline), ...edgeOf(measure, path, outline)];
    const [node, edge] = [text(measure.node), text(measure.edge)];
    if ((node === null) === (edge === null))
      problems.push({
        path,
        message: node === null ? 'names neither a node nor an edge' : 'names both a node and an edge',
        nextStep: 'Write "node" or "edge".',
      });
    const target = node ?? outline.edges.find(({ id }) => id !== null && id === edge)?.target ?? null;
    const found = nodeById(outline, target);
    if (found?.definition && found.definition.accepts !== 'http')
      problems.push({
        path: `${path}.${node === null ? 'edge' : 'node'}`,
        message: `"${target}" is a ${found.kind}, which does not answer HTTP`,
        nextStep: 'Ask a node that does.',
      });
    return problems;
  },
  async look({ read, ...request }, sight) {
    const { status, body, latencyMs } = await sight.http(request);
    if (read === 'latency') return { value: latencyMs, unit: 'ms', note: `status ${status}` };
    if (read === 'body') return { value: body, unit: 'none', note: `status ${status}` };
    return { value: status, unit: 'none' };
  },
});
