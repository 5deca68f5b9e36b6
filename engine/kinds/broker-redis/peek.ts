import type { Destination } from '../../model/broker.ts';
import type { MessageState, PeekedMessage, PeekedPage, PeekOf } from '../../model/peek.ts';
import { nothingSeen, ownOf, payloadOf, sliced, unsaid } from '../../process-kit/messages/peeked.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ServerLink } from '../redis-server/link.ts';
import { bytes, count, fieldsOf, keyOf, latin1, list, placeOf, text } from './replies.ts';

/** Where BullMQ keeps the ids of jobs; a list has its newest first. */
const PARTS: readonly { name: string; isList: boolean; state: MessageState }[] = [
  { name: 'active', isList: true, state: 'unacknowledged' },
  { name: 'wait', isList: true, state: 'waiting' },
  { name: 'paused', isList: true, state: 'waiting' },
  { name: 'prioritized', isList: false, state: 'waiting' },
  { name: 'waiting-children', isList: false, state: 'waiting' },
  { name: 'delayed', isList: false, state: 'delayed' },
  { name: 'failed', isList: false, state: 'dead-lettered' },
];
const FIELDS = ['data', 'timestamp', 'priority', 'ats', 'failedReason'] as const;
/** BullMQ's scores of delayed jobs are times by this, with a number within the millisecond. */
const DUE_FACTOR = 0x1000;
/** The field of an entry that holds a message of ours. */
const MESSAGE = 'message';

/** Reads what lies in a queue or a stream, and changes nothing: with LRANGE, ZRANGE, HMGET and XRANGE. */
export function createRedisPeek(link: ServerLink, destinations: readonly Destination[]) {
  return async (of: PeekOf): Promise<PeekedPage> => {
    const pattern = destinations.find(({ name }) => name === of.destination)?.pattern;
    if (pattern === 'channel')
      return nothingSeen('A channel keeps nothing: who listens at the moment gets the message, and then it is gone.');
    return pattern === 'log' ? peekStream(link, of) : peekQueue(link, of);
  };
}

async function peekQueue(link: ServerLink, { destination, order, state, cursor, limit }: PeekOf): Promise<PeekedPage> {
  const sizes = await link.executeAll(
    PARTS.map(({ name, isList }) => [isList ? 'LLEN' : 'ZCARD', keyOf(destination, name)]),
  );
  const sizeOf = (wanted: MessageState): number =>
    PARTS.reduce((sum, part, at) => sum + (part.state === wanted ? count(sizes[at]) : 0), 0);
  const shown = PARTS.map((part, at) => (state === null || part.state === state ? count(sizes[at]) : 0));
  const from = Number(cursor ?? 0);
  const slices = sliced(shown, from, limit);
  const ranges = await link.executeAll(
    slices.map(({ part, skip, count: many }) => {
      const { name, isList } = PARTS[part] as (typeof PARTS)[number];
      const key = keyOf(destination, name);
      if (!isList)
        return [order === 'oldest' ? 'ZRANGE' : 'ZREVRANGE', key, String(skip), String(skip + many - 1), 'WITHSCORES'];
      return order === 'oldest'
        ? ['LRANGE', key, String(-(skip + many)), String(-(skip + 1))]
        : ['LRANGE', key, String(skip), String(skip + many - 1)];
    }),
  );
  // One that has moved on between two questions would be there twice.
  const found = new Map<string, { state: MessageState; dueAtMs: number | null }>();
  for (const [at, { part }] of slices.entries()) {
    const { name, isList, state: of } = PARTS[part] as (typeof PARTS)[number];
    const ids = isList ? list(ranges[at]).map((id) => [id, '0'] as const) : scoresOf(ranges[at]);
    for (const [id, score] of isList && order === 'oldest' ? [...ids].reverse() : ids)
      found.set(text(id), { state: of, dueAtMs: name === 'delayed' ? Math.floor(Number(score) / DUE_FACTOR) : null });
  }
  const jobs = await link.executeAll([...found.keys()].map((id) => ['HMGET', keyOf(destination, id), ...FIELDS]));
  const taken = slices.reduce((sum, slice) => sum + slice.count, 0);
  const total = shown.reduce((sum, size) => sum + size, 0);
  return {
    messages: [...found].flatMap(([id, where], at) => jobOf(id, list(jobs[at]), where) ?? []),
    next: from + taken < total && taken > 0 ? String(from + taken) : null,
    states: (['unacknowledged', 'waiting', 'delayed', 'dead-lettered'] as const).map((each) => ({
      ...{ state: each, messages: sizeOf(each) },
    })),
    unseen: null,
  };
}

/** Members with their scores: RESP2 has them by turns, RESP3 in pairs. */
function scoresOf(reply: Reply | undefined): (readonly [Reply | undefined, string])[] {
  const all = list(reply);
  if (Array.isArray(all[0])) return all.map((pair) => [list(pair)[0], String(list(pair)[1])] as const);
  return all.flatMap((member, at) => (at % 2 === 0 ? [[member, String(all[at + 1])] as const] : []));
}

/** Null: it is over meanwhile. */
function jobOf(
  id: string,
  [data, timestamp, priority, attempts, failedReason]: readonly Reply[],
  { state, dueAtMs }: { state: MessageState; dueAtMs: number | null },
): PeekedMessage | null {
  if (typeof data !== 'string') return null;
  const payload = bytes(data);
  const own = ownOf(payload);
  return {
    ...unsaid,
    ...{ id: own.id || id, place: id, key: own.key, traceId: own.traceId, state, dueAtMs },
    attempts: Number(attempts ?? 0),
    priority: Number(priority ?? 0) || null,
    publishedAtMs: timestamp === null ? own.sentAtMs : Number(timestamp),
    contentType: 'application/json',
    deadLetter: state === 'dead-lettered' ? { queue: null, reason: text(failedReason) } : null,
    payload: payloadOf(payload),
  };
}

async function peekStream(link: ServerLink, { destination, order, cursor, limit }: PeekOf): Promise<PeekedPage> {
  const key = latin1(destination);
  const empty: PeekedPage = { messages: [], next: null, states: [], unseen: null };
  if ((await link.execute('EXISTS', key)) === 0) return empty;
  const many = ['COUNT', String(limit + 1)];
  const [groupsReply, entriesReply] = await link.executeAll([
    ['XINFO', 'GROUPS', key],
    order === 'oldest'
      ? ['XRANGE', key, cursor === null ? '-' : `(${cursor}`, '+', ...many]
      : ['XREVRANGE', key, cursor === null ? '+' : `(${cursor}`, '-', ...many],
  ]);
  const all = list(entriesReply);
  const entries = all.slice(0, limit).map(list);
  const ids = entries.map(([id]) => text(id));
  const [first, last] = order === 'oldest' ? [ids[0], ids.at(-1)] : [ids.at(-1), ids[0]];
  if (first === undefined || last === undefined) return empty;
  const groups = list(groupsReply).map(fieldsOf);
  const pendingReplies = await link.executeAll(
    groups.map((group) => ['XPENDING', key, String(group.get('name')), first, last, String(limit)]),
  );
  const deliveries = new Map<string, number>();
  for (const reply of pendingReplies)
    for (const entry of list(reply)) {
      const [id, , , times] = list(entry);
      deliveries.set(text(id), Math.max(deliveries.get(text(id)) ?? 0, count(times)));
    }
  const delivered = groups.map((group) => placeOf(text(group.get('last-delivered-id')) || '0-0'));
  const stateOf = (id: string): MessageState => {
    if (deliveries.has(id)) return 'unacknowledged';
    const waits = delivered.length === 0 || delivered.some((upTo) => placeOf(id) > upTo);
    return waits ? 'waiting' : 'read';
  };
  return {
    ...empty,
    messages: entries.map(([id, fields]) =>
      entryOf(text(id), fieldsOf(fields ?? []), stateOf(text(id)), deliveries.get(text(id)) ?? null),
    ),
    next: all.length > limit ? (ids.at(-1) ?? null) : null,
  };
}

function entryOf(
  id: string,
  fields: ReadonlyMap<string, Reply>,
  state: MessageState,
  attempts: number | null,
): PeekedMessage {
  const message = fields.get(MESSAGE);
  const payload =
    message === undefined
      ? Buffer.from(JSON.stringify(Object.fromEntries([...fields].map(([name, value]) => [text(name), text(value)]))))
      : bytes(message);
  const own = ownOf(payload);
  return {
    ...unsaid,
    ...{ id: own.id, place: id, offset: id, key: own.key, traceId: own.traceId, state, attempts },
    publishedAtMs: own.sentAtMs ?? Number(id.split('-')[0]),
    payload: payloadOf(payload),
  };
}
