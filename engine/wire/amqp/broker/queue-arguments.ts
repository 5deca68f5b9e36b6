import { preconditionFailed } from '../protocol/errors.ts';
import { type FieldTable, type FieldValue, lookUp } from '../protocol/field-table.ts';
import { expiryProblem } from './expiration.ts';

export type QueueType = 'classic' | 'quorum';
export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx';

/** What the arguments of a queue ask for. */
export interface QueueSettings {
  readonly type: QueueType;
  readonly expiresMs: number | null;
  readonly messageTtlMs: number | null;
  readonly deadLetterExchange: string | null;
  readonly deadLetterRoutingKey: string | null;
  readonly maxLength: number;
  readonly maxLengthBytes: number;
  readonly overflow: Overflow;
  readonly maxPriority: number;
  readonly hasSingleActiveConsumer: boolean;
  readonly deliveryLimit: number;
}

/** What is wrong with a value, as Erlang prints it, or null. */
type Check = (value: FieldValue, all: FieldTable) => string | null;

const INTEGERS = ['byte', 'short', 'signedint', 'long', 'unsignedbyte', 'unsignedshort', 'unsignedint'];

const integer: Check = ({ type }) => (INTEGERS.includes(type) ? null : `"expected integer, got ${type}"`);

/** An integer of which more is asked. */
const integerThat =
  (problem: (value: number) => string | null): Check =>
  (value, all) =>
    integer(value, all) ?? problem(value.value as number);

const notNegative = integerThat((value) => (value < 0 ? `{value_negative,${value}}` : null));
const unacceptable = ({ type }: FieldValue): string => `{unacceptable_type,${type}}`;
const bool: Check = (value) => (value.type === 'bool' ? null : unacceptable(value));

const oneOf =
  (values: readonly string[], problem: (value: string) => string): Check =>
  (value) =>
    value.type !== 'longstr' ? unacceptable(value) : values.includes(value.value) ? null : problem(value.value);

const checks: Record<string, Check> = {
  'x-expires': integerThat((value) => (Number(value) === 0 ? '{value_zero,0}' : expiryProblem(value))),
  'x-message-ttl': integerThat(expiryProblem),
  'x-dead-letter-exchange': (value) => (value.type === 'longstr' ? null : unacceptable(value)),
  'x-dead-letter-routing-key': (value, all) =>
    value.type !== 'longstr'
      ? unacceptable(value)
      : lookUp(all, 'x-dead-letter-exchange')
        ? null
        : 'routing_key_but_no_dlx_defined',
  'x-dead-letter-strategy': oneOf(['at-most-once', 'at-least-once'], () => 'invalid_dlx_strategy'),
  'x-max-length': notNegative,
  'x-max-length-bytes': notNegative,
  'x-max-in-memory-length': notNegative,
  'x-max-in-memory-bytes': notNegative,
  'x-max-priority': integerThat((value) =>
    value < 0 ? `{value_negative,${value}}` : value > 255 ? `{max_value_exceeded,${value}}` : null,
  ),
  'x-overflow': oneOf(['drop-head', 'reject-publish', 'reject-publish-dlx'], () => 'invalid_overflow'),
  'x-queue-mode': oneOf(['default', 'lazy'], (value) => `"unsupported queue mode '${value}'"`),
  'x-queue-version': integerThat((value) =>
    value < 0
      ? `{value_negative,${value}}`
      : value === 1 || value === 2
        ? null
        : `"unsupported queue version '${value}'"`,
  ),
  'x-single-active-consumer': bool,
  'x-quorum-initial-group-size': integerThat((value) =>
    value < 0 ? `{value_negative,${value}}` : value === 0 ? '{value_zero,0}' : null,
  ),
};

const queueType = oneOf(['classic', 'quorum'], (value) => `"unsupported queue type '${value}'"`);

/** In the order in which RabbitMQ compares them. */
export const argumentsOf: Record<QueueType, readonly string[]> = {
  classic: [
    'x-expires',
    'x-message-ttl',
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-priority',
    'x-overflow',
    'x-queue-mode',
    'x-queue-version',
    'x-single-active-consumer',
    'x-queue-type',
    'x-queue-master-locator',
  ],
  quorum: [
    'x-dead-letter-exchange',
    'x-dead-letter-routing-key',
    'x-dead-letter-strategy',
    'x-expires',
    'x-max-length',
    'x-max-length-bytes',
    'x-max-in-memory-length',
    'x-max-in-memory-bytes',
    'x-overflow',
    'x-single-active-consumer',
    'x-queue-type',
    'x-quorum-initial-group-size',
    'x-delivery-limit',
    'x-message-ttl',
    'x-queue-leader-locator',
  ],
};

/** What only queues of the other types know. */
const STREAM_ARGUMENTS = ['x-max-age', 'x-stream-max-segment-size-bytes', 'x-initial-cluster-size'];

export const queueTypeOf = (args: FieldTable): QueueType =>
  lookUp(args, 'x-queue-type')?.value === 'quorum' ? 'quorum' : 'classic';

/** Throws RabbitMQ's error where arguments cannot be those of a queue. `resource`: its name in messages. */
export function checkQueueArguments(args: FieldTable, resource: string): void {
  const check = (name: string, problem: Check): void => {
    const value = lookUp(args, name);
    const text = value && problem(value, args);
    if (text) throw preconditionFailed(`invalid arg '${name}' for ${resource}: ${text}`);
  };
  check('x-queue-type', queueType);
  const type = queueTypeOf(args);
  for (const [name, problem] of Object.entries(checks)) if (argumentsOf[type].includes(name)) check(name, problem);
  const foreign = [...argumentsOf[type === 'classic' ? 'quorum' : 'classic'], ...STREAM_ARGUMENTS];
  for (const [name] of args)
    if (foreign.includes(name) && !argumentsOf[type].includes(name))
      throw preconditionFailed(`invalid arg '${name}' for ${resource} of queue type rabbit_${type}_queue`);
}

export function settingsOf(args: FieldTable): QueueSettings {
  const type = queueTypeOf(args);
  const number = (name: string): number | null => {
    const value = lookUp(args, name)?.value;
    return value === undefined ? null : Number(value);
  };
  const text = (name: string): string | null => (lookUp(args, name)?.value as string | undefined) ?? null;
  return {
    type,
    expiresMs: number('x-expires'),
    messageTtlMs: number('x-message-ttl'),
    deadLetterExchange: text('x-dead-letter-exchange'),
    deadLetterRoutingKey: text('x-dead-letter-routing-key'),
    maxLength: number('x-max-length') ?? Number.POSITIVE_INFINITY,
    maxLengthBytes: number('x-max-length-bytes') ?? Number.POSITIVE_INFINITY,
    overflow: (text('x-overflow') as Overflow | null) ?? 'drop-head',
    maxPriority: type === 'quorum' ? 0 : (number('x-max-priority') ?? 0),
    hasSingleActiveConsumer: lookUp(args, 'x-single-active-consumer')?.value === true,
    deliveryLimit: number('x-delivery-limit') ?? Number.POSITIVE_INFINITY,
  };
}
