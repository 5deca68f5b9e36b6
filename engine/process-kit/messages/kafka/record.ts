import type { Message } from '@platformatic/kafka';
import type { OutgoingMessage } from '../client.ts';
import { type Envelope, jsonOrText } from '../envelope.ts';

/** By its id the engine knows a message again without reading what is in it. */
const ID_HEADER = 'message-id';
const traceHeaders = ['traceparent', 'tracestate'] as const;

export type KafkaMessage = Message<Buffer, Buffer, Buffer, Buffer>;

/** A message as a record: its id and its trace are headers, as anybody's would be. */
export function toRecord({ id, key, envelope }: OutgoingMessage) {
  const { traceparent, tracestate, ...rest } = envelope;
  const headers = new Map([[Buffer.from(ID_HEADER), Buffer.from(id)]]);
  for (const [name, value] of Object.entries({ traceparent, tracestate }))
    if (value !== undefined) headers.set(Buffer.from(name), Buffer.from(value));
  return {
    ...(key !== '' && { key: Buffer.from(key) }),
    value: Buffer.from(JSON.stringify(rest)),
    headers,
  };
}

/** What came: JSON where it is, else text. */
export function contentsOf({ value, headers }: KafkaMessage): unknown {
  const read = jsonOrText((value as Buffer | null)?.toString() ?? '');
  if (typeof read !== 'object' || read === null) return read;
  const trace: Partial<Envelope> = {};
  for (const [name, text] of headers) {
    const known = traceHeaders.find((header) => header === String(name));
    if (known) trace[known] = String(text);
  }
  return { ...read, ...trace };
}
