import { z } from 'zod';

/** What the sender decides: who writes these would break the message, its trace or its connection. */
const reserved = ['connection', 'content-length', 'host', 'traceparent', 'tracestate', 'transfer-encoding', 'upgrade'];

const headersSchema = z.record(z.string(), z.string().max(8192)).superRefine((headers, context) => {
  const problem = (name: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message: `header "${name}" ${message}` });
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) problem(name, 'is no name of letters, digits and -_.');
    else if (reserved.includes(name.toLowerCase())) problem(name, 'is set by the sender itself');
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) problem(name, 'has a value with line breaks or signs beyond Latin-1');
  }
  if (Object.keys(headers).length > 64) problem('…', 'is one too many: at most 64');
});

/** One HTTP request that somebody sends by hand along an edge. */
export const requestByHandSchema = z.strictObject({
  edge: z.string().min(1),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  /** With its query. */
  path: z
    .string()
    .max(8192)
    .regex(
      /^\/[\x21-\x22\x24-\x7e]*$/,
      'path must start with "/" and hold no space, "#" or sign beyond ASCII: write them as %20',
    ),
  headers: headersSchema.default({}),
  body: z.string().max(1_000_000).default(''),
});

export type HandRequest = z.infer<typeof requestByHandSchema>;

/** What became of a request that was sent by hand. */
export interface SentRequest {
  edge: string;
  /** Replica of the target that it went to; null where there was none. */
  replica: number | null;
  sentAtMs: number;
  /** Until the end of the answer, or until there was sure to be none. */
  durationMs: number;
  /** Null: no answer came. */
  status: number | null;
  headers: Record<string, string>;
  /** Null where it is no text. */
  body: string | null;
  bodyBytes: number;
  /** So much of it is in `body`. */
  bodyShownBytes: number;
  /** Why it counts as failed, and where that began; null for a success. */
  failure: { reason: string; hop: string; message: string } | null;
  /** Null while tracing is switched off. Its spans come within a second. */
  traceId: string | null;
}
