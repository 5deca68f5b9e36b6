import type { Destination } from '../model/broker.ts';
import type { Consumer } from '../model/consumer.ts';
import type { DocumentError, KindCheckContext } from '../model/definition.ts';
import { checkDestination } from './destination-check.ts';
import { checkStepsOf } from './steps-check.ts';

/** What a schema cannot say of consumers: edges and destinations that are there, and settings that fit them. */
export const checkConsumers = (consumers: readonly Consumer[], context: KindCheckContext): DocumentError[] =>
  consumers.flatMap((consumer, index) => {
    const at = `consumers[${index}]`;
    return [
      ...checkSubscription(consumer, consumers.slice(0, index), at, context),
      ...checkStepsOf(consumer.steps, `${at}.steps`, context),
    ];
  });

/** What takes messages, as far as it must fit what is there. */
type Subscription = Pick<Consumer, 'edge' | 'from' | 'group' | 'deadLetter' | 'ack' | 'idempotency'>;

/** Whether it takes what there is, once, as it may be taken. `before`: those of the same node that stand before it in its list. */
export const checkSubscription = (
  subscription: Subscription,
  before: readonly Subscription[],
  at: string,
  context: KindCheckContext,
): DocumentError[] => [
  ...checkDelivery(subscription, at, context),
  ...checkTwin(subscription, before, at),
  ...checkIdempotency(subscription, at, context),
];

function checkDelivery(consumer: Subscription, at: string, { node, deliveries }: KindCheckContext): DocumentError[] {
  const found = deliveries.find(({ edge }) => edge.id === consumer.edge);
  if (!found) {
    const usable = deliveries.map(({ edge }) => `"${edge.id}"`);
    return [
      {
        path: `${at}.edge`,
        message: `no edge "${consumer.edge}" leads from a broker to node "${node.id}"`,
        nextStep:
          usable.length > 0 ? `Use one of ${usable.join(', ')}.` : `Draw an edge from a broker to "${node.id}".`,
      },
    ];
  }
  const { found: from, errors } = checkDestination(consumer.from, `${at}.from`, found.destinations);
  if (from) errors.push(...checkFit(consumer, from, at));
  if (consumer.deadLetter !== null) {
    if (consumer.deadLetter === consumer.from)
      errors.push({
        path: `${at}.deadLetter`,
        message: 'dead letters would come back as new messages',
        nextStep: 'Name another destination of the broker, or leave it empty.',
      });
    else errors.push(...checkDestination(consumer.deadLetter, `${at}.deadLetter`, found.destinations).errors);
  }
  return errors;
}

function checkFit({ ack, group }: Subscription, { name, acks, pattern }: Destination, at: string): DocumentError[] {
  const errors: DocumentError[] = [];
  if (pattern === 'exchange')
    errors.push({
      path: `${at}.from`,
      message: `"${name}" is an exchange, which keeps nothing`,
      nextStep: 'Consume from a queue that is bound to it.',
    });
  else if (!acks.includes(ack))
    errors.push({
      path: `${at}.ack`,
      message: `"${name}" does not know this acknowledgement`,
      nextStep: `Use ${acks.map((mode) => `"${mode}"`).join(' or ')}.`,
    });
  if (group !== null && pattern !== 'log')
    errors.push({
      path: `${at}.group`,
      message: `"${name}" has no groups`,
      nextStep: 'Leave it empty, or consume a stream or topic.',
    });
  return errors;
}

function checkTwin({ edge, from, group }: Subscription, before: readonly Subscription[], at: string): DocumentError[] {
  const twin = before.findIndex((other) => other.edge === edge && other.from === from && other.group === group);
  if (twin === -1) return [];
  return [
    {
      path: at,
      message: `${at.replace(/\[\d+\]$/, '')}[${twin}] takes from "${from}" already`,
      nextStep: 'Remove one of the two; "concurrency" lets one handle more at once.',
    },
  ];
}

function checkIdempotency(
  { idempotency }: Subscription,
  at: string,
  { node, outgoing }: KindCheckContext,
): DocumentError[] {
  const edge = idempotency?.edge ?? null;
  if (edge === null) return [];
  const caches = outgoing.filter(({ protocol }) => protocol === 'redis');
  if (caches.some((candidate) => candidate.edge.id === edge)) return [];
  const usable = caches.map((candidate) => `"${candidate.edge.id}"`);
  return [
    {
      path: `${at}.idempotency.edge`,
      message: `no edge "${edge}" leads from "${node.id}" to a cache`,
      nextStep:
        usable.length > 0 ? `Use one of ${usable.join(', ')}.` : `Connect "${node.id}" to a cache, or leave it empty.`,
    },
  ];
}
