import type { Destination } from '../../model/broker.ts';
import type { BrokerSight, DestinationSeen } from '../../runtime/launch.ts';
import type { Reply } from '../../wire/resp/reply.ts';
import type { ServerLink } from '../redis-server/link.ts';
import { createRedisPeek } from './peek.ts';
import { count, fieldsOf, keyOf, latin1, list, placeOf, text } from './replies.ts';
import { rewindStream } from './rewind.ts';

/** Where BullMQ keeps the ids of jobs that are not over. */
const LISTS = ['wait', 'paused', 'active'] as const;
const SORTED = ['prioritized', 'delayed', 'waiting-children'] as const;

/** What the destinations hold, in commands of Redis: the same for the embedded server and for any other. */
export function createRedisSight(link: ServerLink, destinations: readonly Destination[]): BrokerSight {
  /** In one moment. */
  const together = async (commands: readonly string[][]): Promise<readonly Reply[]> =>
    list((await link.executeAll([['MULTI'], ...commands, ['EXEC']])).at(-1));

  const lookAtQueue = async (name: string): Promise<DestinationSeen> => {
    const [waiting, paused, active, prioritized, delayed, failed, oldest] = await together([
      ['LLEN', keyOf(name, 'wait')],
      ['LLEN', keyOf(name, 'paused')],
      ['LLEN', keyOf(name, 'active')],
      ['ZCARD', keyOf(name, 'prioritized')],
      ['ZCARD', keyOf(name, 'delayed')],
      ['ZCARD', keyOf(name, 'failed')],
      ['LINDEX', keyOf(name, 'wait'), '-1'],
    ]);
    const at = oldest === null ? null : await link.execute('HGET', keyOf(name, text(oldest)), 'timestamp');
    const depth = count(waiting) + count(paused) + count(prioritized) + count(delayed);
    return {
      ...{ name, depth, unacked: count(active), lag: depth + count(active) },
      oldestAtMs: typeof at === 'string' ? Number(at) : null,
      setAside: count(failed),
    };
  };

  const lookAtStream = async (name: string): Promise<DestinationSeen> => {
    const key = latin1(name);
    const seen: DestinationSeen = { name, depth: 0, unacked: 0, lag: 0, oldestAtMs: null, setAside: 0 };
    for (const group of await groupsOf(key)) {
      const pending = count(group.get('pending'));
      const [entries, [, oldestPending]] = (await link.executeAll([
        ['XRANGE', key, `(${text(group.get('last-delivered-id'))}`, '+', 'COUNT', '1'],
        ['XPENDING', key, String(group.get('name'))],
      ])) as [Reply[], Reply[]];
      const lag = typeof group.get('lag') === 'number' ? count(group.get('lag')) : await countAfter(key, group);
      const oldest = [text(list(entries[0])[0]), text(oldestPending)]
        .filter(Boolean)
        .map((id) => Number(id.split('-')[0]));
      seen.depth = Math.max(seen.depth, lag);
      seen.unacked = (seen.unacked ?? 0) + pending;
      seen.lag = Math.max(seen.lag, lag + pending);
      if (oldest.length > 0) seen.oldestAtMs = Math.min(seen.oldestAtMs ?? Number.POSITIVE_INFINITY, ...oldest);
    }
    return seen;
  };

  const groupsOf = async (key: string): Promise<Map<string, Reply>[]> => {
    // A stream that nobody has published to yet.
    if ((await link.execute('EXISTS', key)) === 0) return [];
    return list(await link.execute('XINFO', 'GROUPS', key)).map(fieldsOf);
  };

  /** Where entries were deleted, Redis does not count any more. */
  const countAfter = async (key: string, group: Map<string, Reply>): Promise<number> =>
    list(await link.execute('XRANGE', key, `(${text(group.get('last-delivered-id'))}`, '+')).length;

  const heldByQueue = async (name: string): Promise<Set<string>> => {
    const replies = await together([
      ...LISTS.map((part) => ['LRANGE', keyOf(name, part), '0', '-1']),
      ...SORTED.map((part) => ['ZRANGE', keyOf(name, part), '0', '-1']),
    ]);
    return new Set(replies.flatMap(list).map((id) => text(id)));
  };

  /** What a group has not acknowledged, by places in the stream: what it was not given, and what it was given. */
  const heldByStream: BrokerSight['held'] = async ({ destination, subscription }, asked) => {
    const key = latin1(destination);
    const held = new Set<string>();
    const dropped = new Set<string>();
    const exists = (await link.execute('EXISTS', key)) === 1;
    if (!exists) return { held, dropped };
    const groupName = latin1(subscription);
    const [pendingReply, groupsReply, firstReply, streamReply] = await together([
      ['XPENDING', key, groupName, '-', '+', '1000000'],
      ['XINFO', 'GROUPS', key],
      ['XRANGE', key, '-', '+', 'COUNT', '1'],
      ['XINFO', 'STREAM', key],
    ]);
    const group = list(groupsReply)
      .map(fieldsOf)
      .find((fields) => fields.get('name') === groupName);
    const delivered = placeOf(text(group?.get('last-delivered-id')) || '0-0');
    const pending = new Set(list(pendingReply).map((entry) => text(list(entry)[0])));
    const first = text(list(list(firstReply)[0])[0]);
    const stream = fieldsOf(streamReply ?? []);
    // One that began anew after a loss has let go of nothing yet.
    const hasTrimmed = count(stream.get('entries-added')) > count(stream.get('length'));
    const unplaced = asked.filter(({ position }) => position === '');
    for (const { id, position } of asked) {
      if (position === '') continue;
      const isThere = first !== '' && placeOf(position) >= placeOf(first);
      if (!isThere && hasTrimmed) dropped.add(id);
      // A group that is gone begins anew, and gets everything.
      else if (isThere && (placeOf(position) > delivered || pending.has(position))) held.add(id);
    }
    if (unplaced.length > 0) for (const id of await idsIn(key, delivered, pending)) held.add(id);
    return { held, dropped };
  };

  /** Messages whose place nobody knows are looked for one by one. */
  const idsIn = async (key: string, delivered: bigint, pending: ReadonlySet<string>): Promise<string[]> =>
    list(await link.execute('XRANGE', key, '-', '+')).flatMap((entry) => {
      const [place, fields] = list(entry);
      if (placeOf(text(place)) <= delivered && !pending.has(text(place))) return [];
      const value = list(fields)[1];
      try {
        return [(JSON.parse(text(value)) as { id: string }).id];
      } catch {
        return [];
      }
    });

  return {
    async look() {
      const seen: DestinationSeen[] = [];
      // One after the other, over one connection.
      for (const { name, pattern } of destinations)
        if (pattern === 'queue') seen.push(await lookAtQueue(name));
        else if (pattern === 'log') seen.push(await lookAtStream(name));
        else seen.push({ name, depth: 0, unacked: 0, lag: 0, oldestAtMs: null, setAside: 0 });
      return seen;
    },
    async held(of, asked) {
      const { pattern } = destinations.find(({ name }) => name === of.destination) ?? { pattern: 'queue' };
      if (pattern === 'channel') return { held: new Set() };
      return pattern === 'log' ? heldByStream(of, asked) : { held: await heldByQueue(of.destination) };
    },
    rewind: (of) => rewindStream(link, of),
    peek: createRedisPeek(link, destinations),
  };
}
