import { RespError } from './errors.ts';

/** Version of the protocol that a connection speaks; HELLO changes it. */
export type ProtocolVersion = 2 | 3;

/** A status such as OK, as opposed to a string that somebody stored. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Text for people, such as the answer to INFO. RESP3 tells it from other strings. */
export class Verbatim extends Status {}

export const OK = new Status('OK');

/** What a command answers: strings are one-byte (latin1). `undefined` sends nothing. */
export type Reply =
  | string
  | number
  | bigint
  | null
  | undefined
  | Status
  | RespError
  | readonly Reply[]
  | ReadonlyMap<string, Reply>;

/**
 * A reply in the bytes of the protocol, as a one-byte (latin1) string.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function encode(reply: Reply, version: ProtocolVersion): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === null) return version === 3 ? '_\r\n' : '$-1\r\n';
  if (reply === undefined) return '';
  if (reply instanceof Verbatim)
    return version === 3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : encode(reply.text, version);
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  if (reply instanceof RespError) return `-${oneLine(reply.message)}\r\n`;
  if (reply instanceof Map) {
    let encoded = version === 3 ? `%${reply.size}\r\n` : `*${reply.size * 2}\r\n`;
    for (const [key, value] of reply) encoded += encode(key, version) + encode(value, version);
    return encoded;
  }
  const elements = reply as readonly Reply[];
  let encoded = `*${elements.length}\r\n`;
  for (const element of elements) encoded += encode(element, version);
  return encoded;
}

/** An error is one line of one-byte characters, whatever it quotes. */
const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ').replace(/[^\0-\xff]/g, '?');
