import { MalformedError } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import { encodeTable, type FieldTable, readTable, skipTable } from './field-table.ts';

/** The properties of a message that a server looks at; the others go through it untouched. */
export interface Properties {
  contentType: string | undefined;
  headers: FieldTable | undefined;
  deliveryMode: number | undefined;
  priority: number | undefined;
  replyTo: string | undefined;
  expiration: string | undefined;
  messageId: string | undefined;
  userId: string | undefined;
}

type Domain = 'shortstr' | 'octet' | 'table' | 'longlong';

/** In the order of the wire; the first has the highest bit of the flags. */
const layout: readonly (readonly [name: string, domain: Domain])[] = [
  ['contentType', 'shortstr'],
  ['contentEncoding', 'shortstr'],
  ['headers', 'table'],
  ['deliveryMode', 'octet'],
  ['priority', 'octet'],
  ['correlationId', 'shortstr'],
  ['replyTo', 'shortstr'],
  ['expiration', 'shortstr'],
  ['messageId', 'shortstr'],
  ['timestamp', 'longlong'],
  ['type', 'shortstr'],
  ['userId', 'shortstr'],
  ['appId', 'shortstr'],
  ['clusterId', 'shortstr'],
];

interface Part {
  name: string;
  domain: Domain;
  at: number;
  end: number;
}

/** Where each property that is there lies; throws a `MalformedError` unless all of them are whole. */
function partsOf(reader: Reader): Part[] {
  const flags = reader.short();
  if (flags & 0b11) throw new MalformedError('there are no more properties than these flags have');
  const parts: Part[] = [];
  for (const [i, [name, domain]] of layout.entries()) {
    if ((flags & (0x8000 >>> i)) === 0) continue;
    const { at } = reader;
    if (domain === 'table') skipTable(reader);
    else reader.take(domain === 'shortstr' ? reader.octet() : domain === 'octet' ? 1 : 8);
    parts.push({ name, domain, at, end: reader.at });
  }
  if (!reader.isAtEnd) throw new MalformedError('bytes are left over');
  return parts;
}

const asReader = (encoded: string): Reader => {
  const bytes = Buffer.from(encoded, 'latin1');
  return new Reader(bytes, 0, bytes.length);
};

/** Reads properties as the wire has them, from their flags on; throws a `MalformedError` where they are none. */
export function readProperties(encoded: string): Properties {
  const reader = asReader(encoded);
  const properties: Properties = {
    contentType: undefined,
    headers: undefined,
    deliveryMode: undefined,
    priority: undefined,
    replyTo: undefined,
    expiration: undefined,
    messageId: undefined,
    userId: undefined,
  };
  for (const { name, domain, at, end } of partsOf(reader)) {
    if (!(name in properties)) continue;
    const part = new Reader(reader.buffer, at, end);
    const value = domain === 'table' ? readTable(part) : domain === 'octet' ? part.octet() : part.shortstr();
    Object.assign(properties, { [name]: value });
  }
  return properties;
}

/** The same properties, but for those that are named: an undefined one is left out. */
export function withProperties(
  encoded: string,
  changes: { headers?: FieldTable; replyTo?: string; expiration?: undefined },
): string {
  const reader = asReader(encoded);
  const parts = new Map(partsOf(reader).map((part) => [part.name, part]));
  let flags = 0;
  let values = '';
  for (const [i, [name]] of layout.entries()) {
    const part = parts.get(name);
    let value = part ? encoded.slice(part.at, part.end) : undefined;
    if (name in changes) {
      const change = changes[name as keyof typeof changes];
      value =
        change === undefined
          ? undefined
          : typeof change === 'string'
            ? String.fromCharCode(change.length) + change
            : encodeTable(change);
    }
    if (value === undefined) continue;
    flags |= 0x8000 >>> i;
    values += value;
  }
  return String.fromCharCode(flags >>> 8, flags & 0xff) + values;
}
