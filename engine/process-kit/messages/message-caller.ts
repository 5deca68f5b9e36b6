import type { Destination } from '../../model/broker.ts';
import { carriesMessages, type MessageProtocol } from '../../model/message-protocols.ts';
import { keepersOf, type Routed } from '../../model/routing.ts';
import { CallFailure } from '../call-failure.ts';
import { faultHooks, type PublishTrouble } from '../fault-hooks.ts';
import { failedLookup } from '../lookup.ts';
import { createPolicies } from '../policies/policies.ts';
import type { EdgeCalls, WiredEdge } from '../protocol.ts';
import { tracer } from '../tracing.ts';
import type { Span } from '../tracing-span.ts';
import { trueNowMs } from '../true-clock.ts';
import { asPublishFailure, type MessageClient, type OutgoingMessage, PublishFailure } from './client.ts';
import { type Envelope, madeUpContents } from './envelope.ts';
import type { Journal } from './journal.ts';
import { loadMessageClient } from './load-client.ts';

/** A message that a process publishes. */
export interface Publication {
  to: string;
  key: string;
  payloadBytes: number;
  priority: number | null;
  delayMs: number;
  ttlMs: number | null;
  parameters: Readonly<Record<string, string>>;
  /** By what an exchange chooses. Default: the key, and no headers. */
  routingKey?: string;
  headers?: Readonly<Record<string, string>>;
  /** An id from the journal; default: the next one. */
  id?: string;
  /** Default: made up, of `payloadBytes`. */
  contents?: string;
}

/** The side of a process on an edge to a broker or from it. */
export interface MessageCaller {
  /**
   * Publishes a message and resolves when the broker has confirmed it; rejects with a `CallFailure`. The edge's policies may
   * send it more than once, always under the same id; `once`: only its timeout acts.
   */
  publish(
    publication: Publication,
    caller?: { span?: Span | undefined; deadlineMs: number; once?: boolean },
  ): Promise<void>;
  /** Throws a `CallFailure` where the broker has no such destination. */
  destination(name: string): Destination;
  /** The client of the broker; read from its file when it is first asked for. */
  client(): MessageClient;
  measure(): Required<Pick<EdgeCalls, 'counters' | 'gauges'>>;
  update(edge: WiredEdge): void;
  close(): Promise<void>;
}

/** What OpenTelemetry calls each broker. */
export const systemOf: Record<MessageProtocol, string> = {
  'redis-messages': 'redis',
  'rabbitmq-messages': 'rabbitmq',
  kafka: 'kafka',
};

export function protocolOf({ id, protocol }: WiredEdge): MessageProtocol {
  if (carriesMessages(protocol)) return protocol;
  throw new Error(`${id} carries ${protocol}, and no messages`);
}

const SAME_AGAIN_MS = 5000;

/** A broker that is away is a complaint of every client at every attempt: each text is told once in a while. */
function createComplaints(tell: (message: string) => void): (message: string) => void {
  const toldAtMs = new Map<string, number>();
  return (message) => {
    const nowMs = performance.now();
    if (nowMs - (toldAtMs.get(message) ?? Number.NEGATIVE_INFINITY) < SAME_AGAIN_MS) return;
    if (toldAtMs.size > 100) toldAtMs.clear();
    toldAtMs.set(message, nowMs);
    tell(message);
  };
}

export function createMessageCaller(
  initial: WiredEdge,
  { journal, consumerName }: { journal: Journal; consumerName: string },
): MessageCaller {
  let edge = initial;
  let client: MessageClient | null = null;
  const policies = createPolicies(edge);
  const ways = new Map<string, number>();

  /** What nobody is bound for stays with the exchange, which drops it. */
  const wayTo = (destination: string, message: Routed): number => {
    const keepers = keepersOf(destination, message, edge.destinations ?? []);
    const all = keepers.length > 0 ? keepers : [destination];
    const name = all.join('\n');
    const way = ways.get(name) ?? journal.publisher(edge.id, all);
    ways.set(name, way);
    return way;
  };

  const openClient = (): MessageClient => {
    if (client) return client;
    client = loadMessageClient(protocolOf(edge))({
      edge,
      consumerName,
      onProblem: createComplaints((message) => console.error(`${edge.id}: ${message}`)),
    });
    return client;
  };

  const destinationOf = (name: string): Destination => {
    const found = edge.destinations?.find((destination) => destination.name === name);
    if (!found) throw new CallFailure('no-route', edge.targetId, `${edge.targetId} has no "${name}"`);
    return found;
  };

  /** One attempt, within the edge's timeout. */
  const send = async (message: Omit<OutgoingMessage, 'signal'>, given: AbortSignal): Promise<string> => {
    const lost = failedLookup(edge);
    if (lost) throw new PublishFailure(true, lost.reason, lost.hop, lost.message);
    const over = new AbortController();
    const { timeoutMs } = edge.config;
    const late = (): PublishFailure =>
      new PublishFailure(false, 'timeout', edge.id, `no confirmation within ${timeoutMs} ms`);
    const gone = (): PublishFailure => new PublishFailure(false, 'cancelled', edge.id, 'nobody waits for it any more');
    return new Promise((resolve, reject) => {
      const giveUp = (failure: PublishFailure): void => {
        over.abort();
        reject(failure);
      };
      const timer = setTimeout(() => giveUp(late()), timeoutMs);
      const onGivenUp = (): void => giveUp(gone());
      given.addEventListener('abort', onGivenUp, { once: true });
      openClient()
        .publish({ ...message, signal: over.signal })
        .then(resolve, (error: unknown) => reject(asPublishFailure(error, edge.targetId)))
        .finally(() => {
          clearTimeout(timer);
          given.removeEventListener('abort', onGivenUp);
        });
    });
  };

  /** What faults do to the next message; of several, the last one counts. */
  const troubleOf = (destination: string): PublishTrouble => {
    const trouble: PublishTrouble = {};
    for (const hook of faultHooks.publish) Object.assign(trouble, hook({ destination }));
    return trouble;
  };

  /** The confirmation has come, and the publisher waits for it until its time is over. */
  const unheard = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      const { timeoutMs } = edge.config;
      const lost = (): void =>
        reject(new PublishFailure(false, 'timeout', edge.id, `no confirmation within ${timeoutMs} ms`));
      const timer = setTimeout(lost, timeoutMs);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          lost();
        },
        { once: true },
      );
    });

  return {
    async publish(publication, { span: parent, deadlineMs, once } = { deadlineMs: Number.POSITIVE_INFINITY }) {
      const { to, key, priority, delayMs, ttlMs, payloadBytes, parameters } = publication;
      const destination = destinationOf(to);
      const { id = journal.nextId(), routingKey = key, headers = {} } = publication;
      const by = wayTo(to, { routingKey, headers });
      const span = tracer.child(parent, 'publish', edge, systemOf[protocolOf(edge)], to);
      if (span) span.route = id;
      const envelope: Envelope = {
        ...{ id, key, sentAtMs: trueNowMs(), expiresAtMs: ttlMs === null ? null : Date.now() + ttlMs },
        ...span?.inject({}),
        ...{ parameters, contents: publication.contents ?? madeUpContents(payloadBytes) },
      };
      const trouble = troubleOf(to);
      if (trouble.isPoisoned) envelope.poison = true;
      const message = { destination, id, key, envelope, priority, delayMs, routingKey, headers };
      /** Attempts of which the broker may have heard, although they failed. */
      let unsure = false;
      let confirmed = false;
      const attempt = async (signal: AbortSignal): Promise<void> => {
        try {
          const position = trouble.isDropped ? '' : await send(message, signal);
          if (trouble.losesConfirmation) await unheard(signal);
          confirmed = true;
          journal.note({ type: 'confirmed', by, id, position });
        } catch (error) {
          if (!(error instanceof PublishFailure && error.isSure)) unsure = true;
          throw error;
        }
      };
      journal.note({ type: 'sent', by, id, key });
      await tracer.during(span, async () => {
        try {
          if (trouble.holdMs) await new Promise((resolve) => setTimeout(resolve, trouble.holdMs));
          if (once) await attempt(new AbortController().signal);
          else await policies.execute({ idempotent: true, deadlineMs, attempt: ({ signal }) => attempt(signal) });
        } catch (error) {
          if (!confirmed) journal.note({ type: unsure ? 'unconfirmed' : 'refused', by, id });
          throw error;
        }
      });
    },
    destination: destinationOf,
    client: openClient,
    measure: policies.measure,
    update(changed) {
      const isSame = JSON.stringify([edge.ports, edge.login]) === JSON.stringify([changed.ports, changed.login]);
      edge = changed;
      policies.update(edge);
      if (isSame) return;
      void client?.close();
      client = null;
    },
    async close() {
      await client?.close();
      client = null;
    },
  };
}
