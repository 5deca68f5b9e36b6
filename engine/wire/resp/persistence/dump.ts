import type { Entry } from '../entry.ts';
import { formatDouble } from '../numbers.ts';
import { HashValue } from '../values/hash.ts';
import { ListValue } from '../values/list.ts';
import { SetValue } from '../values/set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import type { Group, StreamValue } from '../values/stream.ts';
import { formatId } from '../values/stream-id.ts';

/** Arguments of one command, but for its name and key. */
const MAX_ARGUMENTS = 512;

/** Commands that make a key as it is. */
export function* commandsFor({ key, value, expiresAtMs }: Entry): Generator<string[]> {
  if (typeof value === 'string') yield ['SET', key, value];
  else if (value instanceof ListValue) yield* several('RPUSH', key, value.toArray());
  else if (value instanceof HashValue) yield* several('HSET', key, value.flat());
  else if (value instanceof SetValue) yield* several('SADD', key, [...value.values()]);
  else if (value instanceof SortedSetValue)
    yield* several(
      'ZADD',
      key,
      value.toArray().flatMap(({ member, score }) => [formatDouble(score), member]),
    );
  else yield* streamCommands(key, value);
  if (expiresAtMs !== Number.POSITIVE_INFINITY) yield ['PEXPIREAT', key, String(expiresAtMs)];
}

function* several(name: string, key: string, args: readonly string[]): Generator<string[]> {
  for (let at = 0; at < args.length; at += MAX_ARGUMENTS) yield [name, key, ...args.slice(at, at + MAX_ARGUMENTS)];
}

function* streamCommands(key: string, stream: StreamValue): Generator<string[]> {
  for (const entry of stream.entries.slice(0, stream.size)) yield ['XADD', key, formatId(entry), ...entry.fields];
  // An empty stream is made by an entry that goes again at once.
  if (stream.size === 0)
    yield [
      'XADD',
      key,
      'MAXLEN',
      '0',
      stream.lastId.ms + stream.lastId.seq > 0 ? formatId(stream.lastId) : '0-1',
      'x',
      'y',
    ];
  yield [
    'XSETID',
    key,
    formatId(stream.lastId),
    'ENTRIESADDED',
    String(stream.entriesAdded),
    'MAXDELETEDID',
    formatId(stream.maxDeletedId),
  ];
  for (const group of stream.groups.values()) yield* groupCommands(key, group);
}

function* groupCommands(key: string, group: Group): Generator<string[]> {
  const read = group.entriesRead === null ? [] : ['ENTRIESREAD', String(group.entriesRead)];
  yield ['XGROUP', 'CREATE', key, group.name, formatId(group.lastId), ...read];
  for (const { name } of group.consumers.values()) yield ['XGROUP', 'CREATECONSUMER', key, group.name, name];
  for (const { id, consumer, deliveredAtMs, deliveries } of group.pending.slice(0, group.pending.size))
    yield [
      'XCLAIM',
      key,
      group.name,
      consumer.name,
      '0',
      formatId(id),
      'TIME',
      String(deliveredAtMs),
      'RETRYCOUNT',
      String(deliveries),
      'FORCE',
      'JUSTID',
    ];
}
