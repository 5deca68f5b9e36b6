import type { Bytes } from '../bytes/bytes.ts';
import { type FieldTable, lookUp } from '../protocol/field-table.ts';
import { type Properties, readProperties } from '../protocol/properties.ts';
import { type Expiry, expiryOf } from './expiration.ts';

/** What a server looks at in the properties of a message. */
export interface Summary {
  readonly isPersistent: boolean;
  readonly priority: number;
  /** Null without one, a text where it is none: what is wrong with it. */
  readonly expiration: Expiry;
  readonly rawExpiration: string | undefined;
  readonly replyTo: string | undefined;
  readonly userId: string | undefined;
  /** Further routing keys, from the headers CC and BCC; a text where these are no arrays. */
  readonly furtherKeys: readonly string[] | string | null;
}

/** What the log knows of the place of a message in a queue. */
export interface Place {
  readonly queueId: number;
  readonly seq: number;
  /** Milliseconds since the broker began; 0: does not expire. */
  readonly expiresAtMs: number;
  readonly publishedAtMs: number;
  isRedelivered: boolean;
  /** How often it came back. */
  returns: number;
  isLogged: boolean;
  /** The next place of the same message that the log has; null at the end. */
  sibling: Place | null;
}

/** Bytes that a message is counted with besides those of its body: what V8 keeps for it. */
const OVERHEAD_BYTES = 256;

/** A message that was published; it may lie in many queues. Strings are one-byte (latin1) strings. */
export class Message {
  readonly exchange: string;
  readonly routingKey: string;
  /** As the wire has them, from their flags on. */
  readonly properties: string;
  readonly body: Bytes;
  readonly summary: Summary;
  /** Places in queues. */
  holders = 0;
  /** For the log: its places that must outlive the process, and its neighbours among all such messages. */
  durable: Place | null = null;
  previous: Message | null = null;
  next: Message | null = null;
  rewrite = 0;

  constructor(exchange: string, routingKey: string, properties: string, body: Bytes, summary = summaryOf(properties)) {
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.properties = properties;
    this.body = body;
    this.summary = summary;
  }

  /** What it costs while it is held. */
  get heldBytes(): number {
    return this.body.length + this.properties.length + OVERHEAD_BYTES;
  }

  get headers(): FieldTable {
    return readProperties(this.properties).headers ?? [];
  }
}

/** Many messages have the same short properties. */
const MAX_CACHED_LENGTH = 64;
const MAX_CACHED = 1000;
const cache = new Map<string, { properties: string; summary: Summary }>();

const summarise = (properties: string): Summary => {
  const { deliveryMode, priority, expiration, replyTo, userId, headers } = readProperties(properties);
  return {
    isPersistent: deliveryMode === 2,
    priority: priority ?? 0,
    expiration: expiration === undefined ? null : expiryOf(expiration),
    rawExpiration: expiration,
    replyTo,
    userId,
    furtherKeys: furtherKeysOf(headers),
  };
};

/** Throws a `MalformedError` when these are no properties. Gives the same strings again, so that messages share them. */
export function inspect(properties: string): { properties: string; summary: Summary } {
  if (properties.length > MAX_CACHED_LENGTH) return { properties, summary: summarise(properties) };
  const known = cache.get(properties);
  if (known) return known;
  const inspected = { properties, summary: summarise(properties) };
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(properties, inspected);
  return inspected;
}

const summaryOf = (properties: string): Summary => inspect(properties).summary;

function furtherKeysOf(headers: Properties['headers']): readonly string[] | string | null {
  const keys: string[] = [];
  for (const name of ['CC', 'BCC']) {
    const value = lookUp(headers, name);
    if (value === undefined) continue;
    if (value.type !== 'array') return `{unacceptable_type_in_header,"${name}",${value.type}}`;
    for (const each of value.value) if (each.type === 'longstr') keys.push(each.value);
  }
  return keys.length === 0 ? null : keys;
}

/** All routing keys, its own first. */
export const keysOf = ({ routingKey, summary }: Message): readonly string[] =>
  Array.isArray(summary.furtherKeys) ? [routingKey, ...summary.furtherKeys] : [routingKey];
