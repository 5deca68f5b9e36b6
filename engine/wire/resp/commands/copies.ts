import { type Command, command, container, ONE_KEY, TWO_KEYS, WRITE } from '../command.ts';
import { encodingOf } from '../encoding.ts';
import type { Value } from '../entry.ts';
import { RespError, syntaxError } from '../errors.ts';
import { DATABASES } from '../keyspace.ts';
import { parseInteger } from '../numbers.ts';
import { HashValue } from '../values/hash.ts';
import { ListValue } from '../values/list.ts';
import { SetValue } from '../values/set.ts';
import { SortedSetValue } from '../values/sorted-set.ts';
import { Group, StreamValue } from '../values/stream.ts';

function copyOf(value: Value): Value {
  if (typeof value === 'string') return value;
  if (value instanceof ListValue) {
    const copy = new ListValue();
    for (const text of value.toArray()) copy.push(text);
    return copy;
  }
  if (value instanceof HashValue) {
    const copy = new HashValue();
    for (const [field, text] of value.entries()) copy.set(field, text);
    return copy;
  }
  if (value instanceof SetValue) {
    const copy = new SetValue();
    for (const member of value.values()) copy.add(member);
    return copy;
  }
  if (value instanceof SortedSetValue) {
    const copy = new SortedSetValue();
    for (const { member, score } of value.toArray()) copy.set(member, score);
    return copy;
  }
  return copyOfStream(value);
}

function copyOfStream(value: StreamValue): StreamValue {
  const copy = new StreamValue();
  for (const entry of value.entries.slice(0, value.size)) copy.add(entry, entry.fields);
  copy.lastId = value.lastId;
  copy.maxDeletedId = value.maxDeletedId;
  copy.entriesAdded = value.entriesAdded;
  for (const group of value.groups.values()) {
    const other = new Group(group.name, group.lastId, group.entriesRead);
    for (const { name, seenAtMs } of group.consumers.values()) other.consumer(name, seenAtMs);
    for (const { id, consumer, deliveredAtMs, deliveries } of group.pending.slice(0, group.pending.size))
      other.deliver(id, other.consumer(consumer.name, consumer.seenAtMs).consumer, deliveredAtMs, deliveries);
    copy.groups.set(group.name, other);
  }
  return copy;
}

const copy: Command['run'] = ([, from = '', to = '', ...words], { server, database }) => {
  let target = database;
  let replace = false;
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'replace') replace = true;
    else if (word === 'db' && words[i + 1] !== undefined) {
      i += 1;
      const index = parseInteger(words[i] as string);
      if (index < 0 || index >= DATABASES) throw new RespError('ERR DB index is out of range');
      target = server.keyspace.database(index);
    } else throw syntaxError();
  }
  if (target === database && from === to) throw new RespError('ERR source and destination objects are the same');
  const entry = database.read(from);
  if (!entry || (target.peek(to) && !replace)) return 0;
  target.set(to, copyOf(entry.value), entry.expiresAtMs);
  server.notifier.notify('g', 'copy_to', to, target.index);
  return 1;
};

/** About one key: of those that look it up without counting that as a use. */
export const copyCommands: readonly Command[] = [
  command('copy', -3, WRITE, TWO_KEYS, copy),
  command('move', 3, ['write', 'fast'], ONE_KEY, ([, key = '', index = ''], { server, database }) => {
    const number = parseInteger(index);
    if (number < 0 || number >= DATABASES) throw new RespError('ERR DB index is out of range');
    const target = server.keyspace.database(number);
    if (target === database) throw new RespError('ERR source and destination objects are the same');
    const entry = database.use(key);
    if (!entry || target.peek(key)) return 0;
    database.remove(entry);
    target.set(key, entry.value, entry.expiresAtMs);
    server.notifier.notify('g', 'move_from', key, database.index);
    server.notifier.notify('g', 'move_to', key, target.index);
    return 1;
  }),
  container(
    'object',
    ['readonly'],
    {
      encoding: {
        arity: 3,
        run([, , key = ''], { database }) {
          const entry = database.peek(key);
          return entry ? encodingOf(entry.value) : null;
        },
      },
      idletime: {
        arity: 3,
        run([, , key = ''], { server, database }) {
          const entry = database.peek(key);
          return entry ? Math.max(0, Math.floor(server.keyspace.now() / 1000) - entry.usedAtSec) : null;
        },
      },
      freq: {
        arity: 3,
        run([, , key = ''], { server, database }) {
          const entry = database.peek(key);
          if (!entry) return null;
          if (!server.keyspace.settings.policy.endsWith('lfu'))
            throw new RespError(
              'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
            );
          return entry.frequency;
        },
      },
      refcount: { arity: 3, run: ([, , key = ''], { database }) => (database.peek(key) ? 1 : null) },
    },
    [2, 2, 1],
  ),
  container(
    'memory',
    ['readonly'],
    {
      usage: {
        arity: -3,
        run([, , key = ''], { database }) {
          return database.peek(key)?.bytes ?? null;
        },
      },
    },
    [2, 2, 1],
  ),
];
