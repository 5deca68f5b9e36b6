import type { AckMode, Destination } from '../../model/broker.ts';
import { CallFailure } from '../call-failure.ts';
import type { WiredEdge } from '../protocol.ts';
import type { Envelope } from './envelope.ts';

/** What a client is told of its edge. */
export interface MessageClientOptions {
  edge: WiredEdge;
  /** Of the process among those of its node, such as "orders-0"; stays the same over its restarts. */
  consumerName: string;
  /** What goes wrong in the background, in words. */
  onProblem(message: string): void;
}

/** What the stock client of a broker does for a process. One for each edge to a broker or from it. */
export interface MessageClient {
  /**
   * Sends a message, and resolves when the broker has confirmed it: with where it put it, or "" where it does not say.
   * Rejects with a `PublishFailure`. A client never sends a message later than that.
   */
  publish(message: OutgoingMessage): Promise<string>;
  /** Takes messages from now on, also after the connection was away. */
  consume(options: ConsumeOptions): Consumption;
  /** A failed attempt goes back to the broker until the next one; else this process keeps the message. */
  returnsRetries(destination: Destination, ack: AckMode): boolean;
  /** Resolves when its connections are closed. */
  close(): Promise<void>;
}

export interface OutgoingMessage {
  destination: Destination;
  id: string;
  key: string;
  /** What travels, as JSON. */
  envelope: Envelope;
  priority: number | null;
  delayMs: number;
  /** By what an exchange chooses. */
  routingKey: string;
  headers: Readonly<Record<string, string>>;
  /** Ends when nobody waits for the confirmation any more. What has been sent by then may be confirmed all the same. */
  signal: AbortSignal;
}

export interface ConsumeOptions {
  destination: Destination;
  group: string;
  concurrency: number;
  prefetch: number;
  ack: AckMode;
  redeliverAfterMs: number;
  /** A message that no broker keeps any more waits in this process for its work. */
  taken(delivery: Delivery): void;
  /** Never rejects. Where messages are acknowledged before their work, it is called before that. */
  handle(delivery: Delivery): Promise<Outcome>;
}

export interface Delivery {
  /** As the broker calls it. */
  brokerId: string;
  /** What came: JSON where it is, else text. */
  value: unknown;
  /** How often it was begun, this time included, as far as the broker and this client know. */
  attempt: number;
  /** As AMQP tells of it. */
  amqp?: { redelivered: boolean; properties: AmqpProperties };
  /** Its place in a topic, and when it was published, in epoch milliseconds. */
  kafka?: { partition: number; offset: number; timestampMs: number };
}

interface AmqpProperties {
  contentType?: string | undefined;
  deliveryMode?: number | undefined;
  priority?: number | undefined;
  expiration?: string | undefined;
  messageId?: string | undefined;
}

export type Outcome =
  /** It is through. */
  | { type: 'done' }
  | { type: 'retry'; afterMs: number }
  /** Set aside where the broker does that, else gone. */
  | { type: 'rejected'; reason: string };

export interface Consumption {
  /** Resolves when it takes messages for the first time. */
  listening: Promise<void>;
  /** Takes no more, and resolves when what it has in hand is through. */
  stop(): Promise<void>;
}

/** A message that was not confirmed. */
export class PublishFailure extends CallFailure {
  /** The broker surely does not have it; else it may. */
  readonly isSure: boolean;

  constructor(isSure: boolean, ...failure: ConstructorParameters<typeof CallFailure>) {
    super(...failure);
    this.name = 'PublishFailure';
    this.isSure = isSure;
  }
}

/** A client comes from a bundle of its own, with classes of its own: what it throws is known by its name. */
export function asPublishFailure(error: unknown, hop: string): PublishFailure {
  if (error instanceof PublishFailure) return error;
  const { name, message, isSure, reason, hop: at } = error as Partial<PublishFailure>;
  return name === 'PublishFailure' && reason !== undefined
    ? new PublishFailure(isSure === true, reason, at ?? hop, message ?? '')
    : new PublishFailure(false, 'handler-error', hop, message ?? String(error));
}

export type OpenMessageClient = (options: MessageClientOptions) => MessageClient;
