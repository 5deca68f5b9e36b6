import { z } from 'zod';
import { nodeById } from '../checks/outline.ts';
import type { DocumentError } from '../definition.ts';
import { edgeMeasures } from '../edge-measures.ts';
import { nearest } from '../nearest.ts';
import { defineProbe, type ProbeUnit } from './define-probe.ts';
import { unknownEdge, unknownNode } from './names.ts';
import type { Picture } from './sight.ts';

/** Figures that every node has; kinds have more of their own. */
const nodeFigures: Record<string, ProbeUnit> = {
  cpu: 'count',
  rssBytes: 'bytes',
  replicas: 'count',
  ready: 'count',
  requestsPerSec: 'per second',
  errorsPerSec: 'per second',
  p50Ms: 'ms',
  p99Ms: 'ms',
  inFlight: 'count',
  requests: 'count',
  errors: 'count',
  costPerHour: 'none',
};

const edgeFigures: Record<string, ProbeUnit> = {
  connections: 'count',
  upstreamBytes: 'bytes',
  downstreamBytes: 'bytes',
  requests: 'count',
  errors: 'count',
};

const trafficFigures: Record<string, ProbeUnit> = {
  ratePerSec: 'per second',
  okPerSec: 'per second',
  failedPerSec: 'per second',
  p50Ms: 'ms',
  p95Ms: 'ms',
  p99Ms: 'ms',
  inFlight: 'count',
  issued: 'count',
  ok: 'count',
  failed: 'count',
  dropped: 'count',
};

const form = /^(?:(nodes|edges)\.([a-z0-9-]+)|(traffic))\.([A-Za-z0-9-]+)$/;

interface Place {
  part: 'nodes' | 'edges' | 'traffic';
  id: string;
  figure: string;
}

function placeOf(path: string): Place | null {
  const match = form.exec(path);
  if (!match) return null;
  const [, part, id = '', traffic, figure = ''] = match;
  return { part: (traffic ?? part) as Place['part'], id, figure };
}

function figureIn(picture: Picture, { part, id, figure }: Place): number | null {
  const figures =
    part === 'traffic' ? picture.traffic : part === 'nodes' ? picture.nodes[id]?.figures : picture.edges[id];
  return figures && Object.hasOwn(figures, figure) ? (figures[figure] ?? null) : null;
}

export const metric = defineProbe({
  title: 'Metric',
  help: 'A figure of a node, an edge or the traffic as the window shows it, such as nodes.orders.cpu.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('metric'),
    path: z.string().regex(form, 'must be like nodes.ID.FIGURE, edges.ID.FIGURE or traffic.FIGURE').meta({
      title: 'Figure',
      description: 'nodes.ID.FIGURE, edges.ID.FIGURE or traffic.FIGURE.',
    }),
    over: z.enum(['mean', 'min', 'max', 'each']).default('mean').meta({
      title: 'Over time',
      description: 'What of its values in the phase is judged: their mean, least or greatest, or each of them.',
    }),
  }),
  over: ({ over }) => over,
  check(measure, path, outline) {
    const place = typeof measure.path === 'string' ? placeOf(measure.path) : null;
    if (!place) return [];
    const { part, id, figure } = place;
    const unknown = (known: readonly string[], of: string): DocumentError[] => {
      if (known.includes(figure)) return [];
      const meant = nearest(figure, known);
      return [
        {
          path: `${path}.path`,
          message: `${of} has no figure "${figure}"`,
          nextStep: `${meant ? `Did you mean "${meant}"? ` : ''}It has: ${known.join(', ')}.`,
        },
      ];
    };
    if (part === 'traffic') return unknown(Object.keys(trafficFigures), 'the traffic');
    if (part === 'edges') {
      if (!outline.edges.some((edge) => edge.id === id)) return [unknownEdge(id, `${path}.path`, outline)];
      return unknown([...Object.keys(edgeFigures), ...edgeMeasures.map((known) => known.id)], `the edge "${id}"`);
    }
    const node = nodeById(outline, id);
    if (!node) return [unknownNode(id, `${path}.path`, outline)];
    const own = node.definition?.measures?.map((known) => known.id) ?? [];
    return node.definition ? unknown([...Object.keys(nodeFigures), ...own], `the ${node.kind} "${id}"`) : [];
  },
  async look({ path }, sight) {
    const place = placeOf(path);
    const value = place && figureIn(sight.picture(), place);
    if (!place || value === null) throw new Error(`${path} has no value now`);
    const known = { nodes: nodeFigures, edges: edgeFigures, traffic: trafficFigures }[place.part];
    return { value, unit: known[place.figure] ?? edgeMeasures.find(({ id }) => id === place.figure)?.unit ?? 'none' };
  },
});
