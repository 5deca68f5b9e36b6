/*
 * What a broker keeps messages in, as its clients and its balance see it. Each kind of broker says it of its config.
 */

/**
 * Who gets a message of a destination. `queue`: one of all consumers. `log`: one consumer of each group, and the message
 * stays. `channel`: every process that listens at the moment; nothing is kept. `exchange`: nobody; it hands each message on to
 * the queues that are bound to it, and keeps none.
 */
export type DeliveryPattern = 'queue' | 'log' | 'channel' | 'exchange';

export interface Destination {
  name: string;
  pattern: DeliveryPattern;
  /** Messages that it keeps at most; the oldest go. Null: all. */
  maxLength: number | null;
  /** How a consumer may acknowledge. */
  acks: readonly AckMode[];
  /** It keeps apart what a consumer has rejected after its work. */
  setsAside: boolean;
  /** What a message may ask for besides. */
  takes: readonly PublishOption[];
  /** Of a topic: whose having a message makes its publisher believe that it is there. */
  confirmedBy?: 'all' | 'leader' | 'none';
  /** Of an exchange: where it hands messages on to. */
  routing?: Routing;
  /** Where the broker itself puts what a consumer has rejected, and what it let go of by its own rules. */
  deadLetter?: string;
  /** How a client declares it, in the words of its broker. */
  declaration?: Readonly<Record<string, unknown>>;
}

/** How an exchange of AMQP 0-9-1 chooses. */
export interface Routing {
  type: 'direct' | 'fanout' | 'topic' | 'headers';
  bindings: readonly Binding[];
}

export interface Binding {
  /** A queue or another exchange of the same broker. */
  to: string;
  /** Of a topic exchange a pattern: words between dots, `*` for one of them, `#` for any number. */
  key: string;
  /** Of a headers exchange: what a message must have. */
  headers: Readonly<Record<string, string>>;
  /** All of the headers, or any one of them. */
  match: 'all' | 'any';
}

/** When a consumer acknowledges: before its work, after it, or never, since nothing waits for it. */
export const ackModes = ['after', 'before', 'none'] as const;
export type AckMode = (typeof ackModes)[number];

/** What not every destination understands. */
export type PublishOption = 'priority' | 'delay' | 'routing';
