import type { BrokerFigureName } from '../../model/broker-figures.ts';

/** One destination of a broker as one subscription sees it. */
export interface QueueStatus {
  destination: string;
  /** The group that consumes, or the process that listens; empty where all consumers share the messages. */
  subscription: string;
  pattern: 'queue' | 'log' | 'channel' | 'exchange';
  /** As the broker counts them; null while it does not answer. */
  depth: number | null;
  unacked: number | null;
  lag: number | null;
  oldestMs: number | null;
  inPerSec: number;
  outPerSec: number;
  /** Since the topology started. */
  counts: MessageCounts;
}

/**
 * What became of the messages of one subscription: `published = done + deadLettered + expired + dropped + inBroker +
 * inFlight + lost`. The others count what happened on the way.
 */
export interface MessageCounts {
  /** Stored by the broker: confirmed, or found in spite of a missing confirmation. */
  published: number;
  done: number;
  deadLettered: number;
  expired: number;
  dropped: number;
  inBroker: number;
  inFlight: number;
  /** Confirmed, handled by nobody, and not in the broker. */
  lost: number;
  /** On their way to the broker, or without a confirmation and not yet looked for. */
  publishing: number;
  /** Refused by the broker, or without a confirmation and found nowhere. */
  notPublished: number;
  redelivered: number;
  duplicated: number;
  /** Handled again because the group was set back. */
  replayed: number;
  recognised: number;
  reordered: number;
  /** Attempts that failed. */
  failedAttempts: number;
}

/** How one broker did in a run, for a look at several side by side. */
export interface BrokerResult {
  broker: string;
  kind: string;
  /** By the ids of `brokerFigures`; null where nothing was measured. */
  figures: Record<BrokerFigureName, number | null>;
}

/** Of a run, or of all of it so far. */
export interface MessageResult {
  broker: string;
  destination: string;
  subscription: string;
  pattern: QueueStatus['pattern'];
  counts: MessageCounts;
  /** Messages that were published earlier and were not over when it began. */
  openBefore: number;
  /** `published + open before` is the sum of what became of them. */
  holds: boolean;
  /** With its numbers. */
  equation: string;
}
