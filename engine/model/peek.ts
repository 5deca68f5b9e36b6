import { z } from 'zod';

/** In which state a broker has a message. `read`: every group of its log is through with it. */
export const messageStates = ['unacknowledged', 'waiting', 'delayed', 'dead-lettered', 'read'] as const;
export type MessageState = (typeof messageStates)[number];

/** What of a destination is to be shown. */
export const peekSchema = z.strictObject({
  node: z.string().min(1),
  destination: z.string().min(1),
  order: z.enum(['oldest', 'newest']).default('oldest'),
  /** Null: all. Logs keep messages of all states together. */
  state: z.enum(messageStates).nullable().default(null),
  /** Where the page before ended; null: from the beginning. */
  cursor: z.string().max(20_000).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(50),
});

export type Peek = z.output<typeof peekSchema>;
export type PeekOf = Omit<Peek, 'node'>;

/** The first bytes of what is in a message. */
export interface PeekedPayload {
  /** Bytes that are no text are hexadecimal. */
  format: 'text' | 'hex';
  content: string;
  /** Of all of it. */
  bytes: number;
  isTruncated: boolean;
}

/** A message as it lies in its broker. */
export interface PeekedMessage {
  /** Under which it is counted; empty where it has none. */
  id: string;
  /** Names it within its destination: by its job, its entry, its offset, or its place. */
  place: string;
  key: string | null;
  /** Null: the broker does not say. */
  state: MessageState | null;
  /** Deliveries that were begun. Null: the broker does not count them. */
  attempts: number | null;
  /** As the broker has it. */
  priority: number | null;
  publishedAtMs: number | null;
  /** Of a delayed one: when it may be taken. */
  dueAtMs: number | null;
  /** Of a topic. */
  partition: number | null;
  offset: string | null;
  contentType: string | null;
  traceId: string | null;
  headers: Readonly<Record<string, string>>;
  /** Why it was set aside, and in which queue, as the broker says. */
  deadLetter: { queue: string | null; reason: string } | null;
  payload: PeekedPayload;
}

export interface PeekedPage {
  messages: PeekedMessage[];
  /** Where the next page begins; null: this is the last. */
  next: string | null;
  /** How many are in each state that can be asked for alone; empty where none can. */
  states: { state: MessageState; messages: number }[];
  /** What of it cannot be shown, and why; null: all of it can. */
  unseen: string | null;
}
