import { z } from 'zod';

/** What the client of a broker writes itself. */
const reserved = ['traceparent', 'tracestate', 'message-id'];

/** Names with values, as they travel with a message. */
const namedValues = (what: string, refused: readonly string[]) =>
  z.record(z.string(), z.string().max(8192)).superRefine((values, context) => {
    const problem = (name: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [name], message: `${what} "${name}" ${message}` });
    for (const name of Object.keys(values)) {
      if (!/^[\w.-]{1,128}$/.test(name)) problem(name, 'is no name of letters, digits and -_.');
      else if (refused.includes(name.toLowerCase())) problem(name, 'is set by the sender itself');
    }
    if (Object.keys(values).length > 64) problem('…', 'is one too many: at most 64');
  });

const DAY_MS = 86_400_000;

const whole = (least: number, most: number, message: string) =>
  z.number().int(message).min(least, message).max(most, message);

/** One message that somebody publishes by hand along an edge to a broker. */
export const messageByHandSchema = z.strictObject({
  edge: z.string().min(1),
  /** A queue, exchange, stream, channel or topic of the broker. */
  to: z.string().min(1, 'say where the message goes to: a queue, exchange, stream, channel or topic'),
  key: z.string().max(1024).default(''),
  /** By what an exchange chooses; null: the key. */
  routingKey: z.string().max(255).nullable().default(null),
  headers: namedValues('header', reserved).default({}),
  /** For the templates of its consumer, as those of a request that publishes. */
  parameters: namedValues('parameter', []).default({}),
  contents: z.string().max(1_000_000).default(''),
  /** 1 comes first; null: none. */
  priority: whole(1, 1000, 'the priority must be a whole number from 1 to 1000').nullable().default(null),
  /** For so long the broker keeps it back. */
  delayMs: whole(0, DAY_MS, 'the delay must be in whole milliseconds, and at most a day').default(0),
  /** A message that is older when it is delivered has expired; null: it never does. */
  ttlMs: whole(1, DAY_MS, 'the time to live must be in whole milliseconds, and at most a day').nullable().default(null),
});

export type HandMessage = z.infer<typeof messageByHandSchema>;

/** What became of a message that was published by hand, as its publisher knows. Who took it, its trace tells. */
export interface SentMessage {
  edge: string;
  to: string;
  /** Under which it is counted. */
  messageId: string;
  sentAtMs: number;
  /** Until the broker confirmed it, or until it was sure not to. */
  durationMs: number;
  /** Why it was not confirmed, and where that began; null: the broker has it. */
  failure: { reason: string; hop: string; message: string } | null;
  /** Null while tracing is switched off. Its spans come within a second of their end. */
  traceId: string | null;
}
