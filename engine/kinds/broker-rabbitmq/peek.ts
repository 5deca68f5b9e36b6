import { isDelayedFor } from '../../model/amqp-declaration.ts';
import type { MessageState, PeekedMessage, PeekedPage, PeekOf } from '../../model/peek.ts';
import { headerText, ownOf, payloadOf, sliced, traceIdOf, unsaid } from '../../process-kit/messages/peeked.ts';
import type { AmqpServer } from '../../wire/amqp/server.ts';
import type { PeekedMessage as Held } from '../../wire/amqp/status.ts';

/** Attempts that came before, of a message that waits for the next one. */
const ATTEMPTS = 'x-archipel-attempts';
const DELAY_MS = /^archipel\.delay\.(\d+)\./;

/** What an embedded server has in a queue, with what waits for its time; read from its memory. */
export function peekQueue(
  server: AmqpServer,
  { destination, order, state, cursor, limit }: PeekOf,
  nowMs: number,
): PeekedPage {
  const all = server.queues();
  const parts = all.flatMap(({ name, ready, unacked }): Part[] => {
    if (name === destination)
      return [
        { queue: name, of: 'unacked', state: 'unacknowledged', size: unacked },
        { queue: name, of: 'ready', state: 'waiting', size: ready },
      ];
    return isDelayedFor(name, destination) ? [{ queue: name, of: 'ready', state: 'delayed', size: ready }] : [];
  });
  const rank = (part: Part): number => ORDER.indexOf(part.state);
  parts.sort((a, b) => rank(a) - rank(b));
  const sizes = parts.map((part) => (state === null || part.state === state ? part.size : 0));
  const from = Number(cursor ?? 0);
  const messages = sliced(sizes, from, limit).flatMap(({ part: at, skip, count }) => {
    const part = parts[at] as Part;
    const options = { of: part.of, skip, isLastFirst: order === 'newest', bodyBytes: Number.POSITIVE_INFINITY };
    return server.peek(part.queue, count, options).map((held, index) => messageOf(held, part, skip + index, nowMs));
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return {
    messages,
    next: messages.length > 0 && from + messages.length < total ? String(from + messages.length) : null,
    states: ORDER.map((each) => ({
      ...{ state: each, messages: parts.reduce((sum, part) => sum + (part.state === each ? part.size : 0), 0) },
    })),
    unseen: null,
  };
}

const ORDER = ['unacknowledged', 'waiting', 'delayed'] as const;

interface Part {
  queue: string;
  of: 'ready' | 'unacked';
  state: (typeof ORDER)[number] & MessageState;
  size: number;
}

function messageOf(held: Held, { queue, state }: Part, index: number, nowMs: number): PeekedMessage {
  const own = ownOf(held.body);
  const { [ATTEMPTS]: before = '0', ...headers } = held.headers;
  const publishedAtMs = nowMs - held.ageMs;
  const delayMs = DELAY_MS.exec(queue)?.[1];
  const reason = headers['x-first-death-reason'];
  const from = headers['x-first-death-queue'];
  // What only waited for its time was dead-lettered to where it is due.
  const isDead = reason !== undefined && from !== undefined && !DELAY_MS.test(from);
  return {
    ...unsaid,
    ...{ id: held.id, place: `${queue} ${held.id || index}`, key: own.key, state },
    attempts: Number(before) + held.returns + (state === 'unacknowledged' ? 1 : 0),
    priority: held.priority,
    publishedAtMs: own.sentAtMs ?? publishedAtMs,
    dueAtMs: delayMs === undefined ? null : publishedAtMs + Number(delayMs),
    contentType: held.contentType,
    traceId: traceIdOf(headers.traceparent),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, headerText(text)])),
    deadLetter: isDead ? { queue: from, reason } : null,
    payload: payloadOf(held.body),
  };
}
