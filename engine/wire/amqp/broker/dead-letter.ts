import { type FieldTable, type FieldValue, lookUp, sorted, withField } from '../protocol/field-table.ts';
import { withProperties } from '../protocol/properties.ts';
import type { DeathReason } from './counters.ts';
import { inspect, Message } from './message.ts';

const text = (value: string): FieldValue => ({ type: 'longstr', value });

const deathsOf = (headers: FieldTable): readonly FieldTable[] | null => {
  const value = lookUp(headers, 'x-death');
  if (value?.type !== 'array') return null;
  return value.value.flatMap((each) => (each.type === 'table' ? [each.value] : []));
};

const isOf = (death: FieldTable, queue: string, reason: string): boolean =>
  lookUp(death, 'queue')?.value === queue && lookUp(death, 'reason')?.value === reason;

/** Several deaths in the same queue for the same reason are one, with their number. */
function grouped(deaths: readonly FieldTable[]): FieldTable[] {
  const groups: { death: FieldTable; count: number }[] = [];
  for (const death of deaths) {
    const [queue, reason] = [lookUp(death, 'queue')?.value, lookUp(death, 'reason')?.value];
    const known = groups.find((each) => isOf(each.death, String(queue), String(reason)));
    if (known) known.count += 1;
    else groups.push({ death, count: 1 });
  }
  return groups.map(({ death, count }) =>
    lookUp(death, 'count') ? death : [['count', { type: 'long', value: count }], ...death],
  );
}

export interface Death {
  queue: string;
  reason: DeathReason;
  /** Epoch seconds. */
  timeS: number;
}

/** The headers of a message after its death, as RabbitMQ writes them: `x-death`, and what the first was. */
function headersAfter({ message, queue, reason, timeS }: Death & { message: Message }): FieldTable {
  const { headers, summary } = message;
  const keys = [message.routingKey, ...(Array.isArray(summary.furtherKeys) ? summary.furtherKeys : [])];
  const death: FieldTable = [
    ['count', { type: 'long', value: 1 }],
    ['reason', text(reason)],
    ['queue', text(queue)],
    ['time', { type: 'timestamp', value: timeS }],
    ['exchange', text(message.exchange)],
    ['routing-keys', { type: 'array', value: keys.map(text) }],
    ...(summary.rawExpiration === undefined
      ? []
      : [['original-expiration', text(summary.rawExpiration)] as [string, FieldValue]]),
  ];
  const withDeaths = (to: FieldTable, deaths: readonly FieldTable[]): FieldTable =>
    withField(to, 'x-death', { type: 'array', value: deaths.map((value) => ({ type: 'table', value })) });

  const before = deathsOf(headers);
  if (before === null) {
    if (lookUp(headers, 'x-death')) return withDeaths(headers, [death]);
    let first = headers;
    for (const [name, value] of [
      ['x-first-death-reason', reason],
      ['x-first-death-queue', queue],
      ['x-first-death-exchange', message.exchange],
    ] as const)
      first = withField(first, name, text(value));
    return withDeaths(first, [death]);
  }
  const groups = grouped(before);
  const same = groups.find((each) => isOf(each, queue, reason));
  const others = groups.filter((each) => each !== same);
  const count = Number(same ? lookUp(same, 'count')?.value : 0) + 1;
  const newest = same ? withField(same, 'count', { type: 'long', value: count }) : death;
  return withDeaths(headers, [sorted(newest), ...others]);
}

/** The message that goes to the dead-letter exchange, under the routing key given, or its own. */
export function deadLetter(
  message: Message,
  death: Death,
  target: { exchange: string; routingKey: string | null },
): Message {
  let headers = headersAfter({ ...death, message });
  // With a routing key of its own the message does not go to the others again.
  if (target.routingKey !== null) headers = headers.filter(([name]) => name !== 'CC');
  const { properties, summary } = inspect(withProperties(message.properties, { headers, expiration: undefined }));
  return new Message(target.exchange, target.routingKey ?? message.routingKey, properties, message.body, summary);
}

/** Whether the message has been in the queue before and came back by itself: then it would go round for ever. */
export function isCycle(message: Message, queue: string): boolean {
  const deaths = deathsOf(message.headers) ?? [];
  const at = deaths.findIndex((death) => lookUp(death, 'queue')?.value === queue);
  return at !== -1 && deaths.slice(0, at + 1).every((death) => lookUp(death, 'reason')?.value !== 'rejected');
}
