import type { MeasureDefinition } from './definition.ts';

type BrokerFigure = Pick<MeasureDefinition, 'title' | 'help' | 'unit'> & { id: string };

/** What is told of each broker of a run, in the same words whichever it is, so that several stand side by side. */
export const brokerFigures = [
  {
    id: 'published',
    title: 'Published',
    help: 'Messages that the broker took in the run.',
    unit: 'count',
  },
  {
    id: 'publishP50',
    title: 'Publishing, p50',
    help: 'From the step that publishes until the broker has confirmed the message, or the publisher has given up.',
    unit: 'ms',
  },
  { id: 'publishP99', title: 'Publishing, p99', help: 'The same, of the slowest 1 %.', unit: 'ms' },
  {
    id: 'throughP50',
    title: 'Until handled, p50',
    help: 'From the publishing of a message until a consumer was through with it.',
    unit: 'ms',
  },
  { id: 'throughP99', title: 'Until handled, p99', help: 'The same, of the slowest 1 %.', unit: 'ms' },
  {
    id: 'mostOpen',
    title: 'Open at the worst',
    help: 'Messages that were published and not over, when there were most of them: those that waited and those that a consumer had in hand.',
    unit: 'count',
  },
  { id: 'done', title: 'Done', help: 'Messages that were handled to the end, each counted once.', unit: 'count' },
  {
    id: 'redelivered',
    title: 'Redelivered',
    help: 'Deliveries of messages that had been delivered before.',
    unit: 'count',
  },
  {
    id: 'duplicated',
    title: 'Duplicated',
    help: 'How often a message was handled to the end again after it had been.',
    unit: 'count',
  },
  {
    id: 'reordered',
    title: 'Reordered',
    help: 'Messages that were done after a later one of the same publisher and key.',
    unit: 'count',
  },
  {
    id: 'deadLettered',
    title: 'Dead-lettered',
    help: 'Messages that were set aside when their attempts were used up.',
    unit: 'count',
  },
  {
    id: 'lost',
    title: 'Lost',
    help: 'Messages that were confirmed, that nobody has handled, and that the broker does not have.',
    unit: 'count',
  },
  {
    id: 'cpuPerMessage',
    title: 'CPU per message',
    help: 'CPU time of the broker for each message that it took.',
    unit: 'ms',
  },
  {
    id: 'peakRssBytes',
    title: 'Memory at the worst',
    help: 'Most memory that the processes of the broker held together.',
    unit: 'bytes',
  },
] as const satisfies readonly BrokerFigure[];

export type BrokerFigureName = (typeof brokerFigures)[number]['id'];
