import { RespError } from './errors.ts';
import { formatDouble } from './numbers.ts';

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

/** A floating-point number, such as a score. RESP2 has only strings for it. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Elements in no order. RESP2 has only arrays for it. */
export class Members {
  readonly elements: readonly Reply[];
  constructor(elements: readonly Reply[]) {
    this.elements = elements;
  }
}

/** What comes unasked for, such as a message of a channel. */
export class Push extends Members {}

/** Several replies to one request, as SUBSCRIBE gives them. */
export class Several extends Members {}

/** The null of commands that else answer with an array. */
export class NullArray {}

export const OK = new Status('OK');
export const NULL_ARRAY = new NullArray();

/** What a command answers: strings are one-byte (latin1). `undefined` sends nothing. */
export type Reply =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Status
  | Double
  | Members
  | NullArray
  | RespError
  | readonly Reply[]
  | ReadonlyMap<Reply, Reply>;

/** How strings of the commonest lengths begin. */
const heads: readonly string[] = Array.from({ length: 256 }, (_, length) => `$${length}\r\n`);

const bulk = (text: string): string => (heads[text.length] ?? `$${text.length}\r\n`) + text + CRLF;

const CRLF = '\r\n';

/**
 * A reply in the bytes of the protocol, as a one-byte (latin1) string.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function encode(reply: Reply, version: ProtocolVersion): string {
  if (typeof reply === 'string') return bulk(reply);
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`;
  if (reply === OK) return '+OK\r\n';
  if (reply === null) return version === 3 ? '_\r\n' : '$-1\r\n';
  if (Array.isArray(reply)) return elements('*', reply, version);
  if (reply === undefined) return '';
  if (typeof reply === 'boolean') return version === 3 ? `#${reply ? 't' : 'f'}\r\n` : `:${reply ? 1 : 0}\r\n`;
  return encodeRare(reply as Exclude<Reply, string | number | bigint | boolean | null | undefined>, version);
}

function encodeRare(reply: object, version: ProtocolVersion): string {
  if (reply instanceof Verbatim)
    return version === 3 ? `=${reply.text.length + 4}\r\ntxt:${reply.text}\r\n` : encode(reply.text, version);
  if (reply instanceof Status) return `+${oneLine(reply.text)}\r\n`;
  if (reply instanceof RespError) return `-${oneLine(reply.message)}\r\n`;
  if (reply instanceof Double) {
    const text = formatDouble(reply.value);
    return version === 3 ? `,${text}\r\n` : encode(text, version);
  }
  if (reply instanceof NullArray) return version === 3 ? '_\r\n' : '*-1\r\n';
  if (reply instanceof Push) return elements(version === 3 ? '>' : '*', reply.elements, version);
  if (reply instanceof Several) return reply.elements.map((each) => encode(each, version)).join('');
  if (reply instanceof Members) return elements(version === 3 ? '~' : '*', reply.elements, version);
  const map = reply as ReadonlyMap<Reply, Reply>;
  let encoded = version === 3 ? `%${map.size}\r\n` : `*${map.size * 2}\r\n`;
  for (const [key, value] of map) encoded += encode(key, version) + encode(value, version);
  return encoded;
}

function elements(sign: string, list: readonly Reply[], version: ProtocolVersion): string {
  let encoded = `${sign}${list.length}\r\n`;
  for (let i = 0; i < list.length; i += 1) {
    const element = list[i];
    encoded += typeof element === 'string' ? bulk(element) : encode(element, version);
  }
  return encoded;
}

/** An error is one line of one-byte characters, whatever it quotes. */
const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ').replace(/[^\0-\xff]/g, '?');
