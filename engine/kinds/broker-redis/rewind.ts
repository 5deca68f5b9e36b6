import { ArchipelError } from '../../model/error.ts';
import type { RewindTo } from '../../model/rewind.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ServerLink } from '../redis-server/link.ts';

const LAST_OF_A_MS = '18446744073709551615';
const FIRST = '0-0';

/**
 * Sets the last id that a group of a stream was given back, as XGROUP SETID does; also while its consumers read. One that
 * lies ahead stays as it is. Resolves with how many entries come again.
 */
export async function rewindStream(
  link: ServerLink,
  { destination, group, from }: { destination: string; group: string; from: RewindTo },
): Promise<number> {
  const [key, name] = [latin1(destination), latin1(group)];
  const given = await lastGiven(link, key, name);
  if (given === null)
    throw new ArchipelError(
      'not-found',
      `The stream "${destination}" has no group "${group}".`,
      'Name one that has read something.',
    );
  const last = before(from);
  const again = (await link.execute('XRANGE', key, `(${last}`, given).catch(nothing)) as Reply[];
  if (again.length === 0) return 0;
  await link.execute('XGROUP', 'SETID', key, name, last);
  return again.length;
}

/** Where the first id lies behind the last there is nothing between them. */
const nothing = (): Reply[] => [];

async function lastGiven(link: ServerLink, key: string, name: string): Promise<string | null> {
  if ((await link.execute('EXISTS', key)) === 0) return null;
  const groups = (await link.execute('XINFO', 'GROUPS', key)) as Reply[];
  for (const fields of groups) {
    const of = fields instanceof Map ? (fields as Map<string, Reply>) : pairs(fields as Reply[]);
    if (of.get('name') === name) return String(of.get('last-delivered-id'));
  }
  return null;
}

function pairs(flat: readonly Reply[]): Map<string, Reply> {
  const fields = new Map<string, Reply>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(String(flat[at]), flat[at + 1] as Reply);
  return fields;
}

/** The id before the first that is to come again. */
function before(from: RewindTo): string {
  if (from.type === 'earliest') return FIRST;
  const [ms = '0', number = '0'] = (from.type === 'time' ? String(Date.now() - from.agoMs) : from.offset).split('-');
  if (number !== '0') return `${ms}-${BigInt(number) - 1n}`;
  return BigInt(ms) === 0n ? FIRST : `${BigInt(ms) - 1n}-${LAST_OF_A_MS}`;
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
