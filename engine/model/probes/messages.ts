import { z } from 'zod';
import { nodeById, text } from '../checks/outline.ts';
import { delivers } from '../dialling.ts';
import { nearest } from '../nearest.ts';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';
import type { QueueSeen } from './sight.ts';

/** Figures that are as they are at the moment; of several subscriptions of one destination the greatest counts. */
const states = ['depth', 'unacked', 'lag', 'oldest'] as const;
const rates = ['in-per-sec', 'out-per-sec'] as const;
/** Counts of the run so far. */
const counts = [
  ...(['published', 'done', 'dead-lettered', 'expired', 'dropped', 'in-broker', 'in-flight', 'lost'] as const),
  ...([
    'redelivered',
    'duplicated',
    'replayed',
    'recognised',
    'reordered',
    'failed-attempts',
    'not-published',
  ] as const),
] as const;

const unitOf = (read: string) =>
  read === 'oldest' ? ('ms' as const) : read.endsWith('-per-sec') ? ('per second' as const) : ('count' as const);

export const messages = defineProbe({
  title: 'Messages',
  help: 'What a broker holds, and what became of its messages in the run so far: lost, duplicated, reordered, redelivered, dead-lettered, and more.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('messages'),
    node: z.string().min(1).meta({ title: 'Broker' }),
    destination: z.string().min(1).optional().meta({
      title: 'Destination',
      description: 'A queue, stream, channel or topic. Without it: all of the broker.',
    }),
    subscription: z.string().min(1).optional().meta({
      title: 'Subscription',
      description: 'A group, or a process that listens to a channel, such as worker/0. Without it: all.',
    }),
    read: z.enum([...states, ...rates, ...counts]).meta({
      title: 'Judged',
      description:
        'Depth, unacknowledged, lag (messages) and oldest (ms) as the broker says now; rates over the last second; all others since the run began.',
    }),
    over: z.enum(['each', 'mean', 'min', 'max']).default('each').meta({
      title: 'Over time',
      description: 'What of its values in the phase is judged: each of them, their mean, least or greatest.',
    }),
  }),
  over: ({ over }) => over,
  check(measure, path, outline) {
    const problems = nodeOf(measure, path, outline);
    const node = nodeById(outline, text(measure.node));
    if (!node?.definition) return problems;
    if (!delivers(node.definition)) {
      problems.push({
        path: `${path}.node`,
        message: `"${node.id}" is a ${node.kind}, which is no broker`,
        nextStep: 'Name a broker.',
      });
      return problems;
    }
    const names = node.config ? (node.definition.destinations?.(node.config.value) ?? []).map(({ name }) => name) : [];
    const wanted = text(measure.destination);
    if (wanted !== null && node.config && !names.includes(wanted)) {
      const meant = nearest(wanted, names);
      problems.push({
        path: `${path}.destination`,
        message: `"${node.id}" has no "${wanted}"`,
        nextStep: `${meant ? `Did you mean "${meant}"? ` : ''}It has: ${names.join(', ')}.`,
      });
    }
    return problems;
  },
  async look({ node, destination, subscription, read }, sight) {
    const seen = (await sight.messages(node)).filter(
      (each) =>
        (destination === undefined || each.destination === destination) &&
        (subscription === undefined || each.subscription === subscription),
    );
    if (seen.length === 0) throw new Error(`${node} has no such messages yet`);
    return { value: figureOf(seen, read), unit: unitOf(read) };
  },
});

function figureOf(seen: readonly QueueSeen[], read: string): number {
  if (!(states as readonly string[]).includes(read))
    return seen.reduce((sum, each) => sum + (each.figures[read] ?? 0), 0);
  const ofDestination = new Map<string, number>();
  for (const { destination, figures } of seen) {
    const value = figures[read];
    if (value === null || value === undefined) throw new Error(`the broker does not say what ${destination} holds`);
    ofDestination.set(destination, Math.max(ofDestination.get(destination) ?? 0, value));
  }
  const values = [...ofDestination.values()];
  return read === 'oldest' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
}
