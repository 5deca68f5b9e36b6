/*
 * What a broker keeps messages in, as its clients and its balance see it. Each kind of broker says it of its config.
 */

/**
 * Who gets a message of a destination. `queue`: one of all consumers. `log`: one consumer of each group, and the message
 * stays. `channel`: every process that listens at the moment; nothing is kept.
 */
export type DeliveryPattern = 'queue' | 'log' | 'channel';

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
}

/** When a consumer acknowledges: before its work, after it, or never, since nothing waits for it. */
export const ackModes = ['after', 'before', 'none'] as const;
export type AckMode = (typeof ackModes)[number];

/** What not every destination understands. */
export type PublishOption = 'priority' | 'delay';
