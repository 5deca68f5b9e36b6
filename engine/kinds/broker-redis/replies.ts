import type { Reply } from '../../wire/resp/reply.ts';

/* Names and texts travel as one-byte strings. */

export const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
export const bytes = (reply: Reply | undefined): Buffer =>
  typeof reply === 'string' ? Buffer.from(reply, 'latin1') : Buffer.alloc(0);
export const text = (reply: Reply | undefined): string => bytes(reply).toString();
export const count = (reply: Reply | undefined): number => (typeof reply === 'number' ? reply : 0);
export const list = (reply: Reply | undefined): readonly Reply[] => (Array.isArray(reply) ? reply : []);

/** Where BullMQ keeps a part of a queue. */
export const keyOf = (queue: string, part: string): string => latin1(`bull:${queue}:${part}`);

/** Fields and values by turns, as RESP2 has them. */
export function fieldsOf(reply: Reply): Map<string, Reply> {
  if (reply instanceof Map) return reply as Map<string, Reply>;
  const flat = list(reply);
  const fields = new Map<string, Reply>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(String(flat[at]), flat[at + 1] as Reply);
  return fields;
}

/** Ids of entries are compared by their two numbers. */
export const placeOf = (id: string): bigint => {
  const [ms = '0', number = '0'] = id.split('-');
  return (BigInt(ms) << 64n) + BigInt(number);
};
