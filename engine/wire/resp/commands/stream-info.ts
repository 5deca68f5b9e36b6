import { type Command, type CommandContext, container } from '../command.ts';
import { noSuchKey, RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import type { Reply } from '../reply.ts';
import type { Consumer, Group, StreamValue } from '../values/stream.ts';
import { compareIds, formatId, MIN_ID, nextId, type StreamId } from '../values/stream-id.ts';
import { readStream, writtenEntry } from './streams.ts';

function streamAt(key: string, context: CommandContext): StreamValue {
  const stream = readStream(key, context);
  if (!stream) throw noSuchKey();
  return stream;
}

const first = ({ entries }: StreamValue) => entries.at(0);

/** Entries that the group has not read yet; null where deletions make that unknown. */
function lagOf(stream: StreamValue, { lastId, entriesRead }: Group): number | null {
  if (stream.entriesAdded === 0 || stream.size === 0) return 0;
  if (compareIds(lastId, stream.lastId) >= 0) return 0;
  const hasGap = compareIds(stream.maxDeletedId, lastId) > 0 && stream.maxDeletedId !== MIN_ID;
  if (entriesRead !== null && !hasGap) return stream.entriesAdded - entriesRead;
  if (hasGap && compareIds(stream.maxDeletedId, first(stream) as StreamId) > 0) return null;
  const rest = stream.size - stream.rankOf(nextId(lastId));
  return rest === stream.size || entriesRead === null ? rest : null;
}

const head = (stream: StreamValue): [string, Reply][] => [
  ['length', stream.size],
  ['radix-tree-keys', stream.nodes.count],
  ['radix-tree-nodes', stream.nodes.count + 1],
  ['last-generated-id', formatId(stream.lastId)],
  ['max-deleted-entry-id', formatId(stream.maxDeletedId)],
  ['entries-added', stream.entriesAdded],
  ['recorded-first-entry-id', formatId(first(stream) ?? MIN_ID)],
];

const ends = (stream: StreamValue): Reply => {
  const [one, last] = [first(stream), stream.last()];
  return new Map<string, Reply>([
    ...head(stream),
    ['groups', stream.groups.size],
    ['first-entry', one ? writtenEntry(one) : null],
    ['last-entry', last ? writtenEntry(last) : null],
  ]);
};

function full(stream: StreamValue, count: number): Reply {
  const most = count === 0 ? Number.POSITIVE_INFINITY : count;
  return new Map<string, Reply>([
    ...head(stream),
    ['entries', stream.entries.slice(0, Math.min(most, stream.size)).map(writtenEntry)],
    ['groups', [...stream.groups.values()].map((group) => fullGroup(stream, group, most))],
  ]);
}

function fullGroup(stream: StreamValue, group: Group, most: number): Reply {
  const pending = group.pending.slice(0, group.pending.size);
  return new Map<string, Reply>([
    ['name', group.name],
    ['last-delivered-id', formatId(group.lastId)],
    ['entries-read', group.entriesRead],
    ['lag', lagOf(stream, group)],
    ['pel-count', pending.length],
    [
      'pending',
      pending
        .slice(0, most)
        .map((each) => [formatId(each.id), each.consumer.name, each.deliveredAtMs, each.deliveries]),
    ],
    [
      'consumers',
      sorted(group).map((consumer) => {
        const own = pending.filter((each) => each.consumer === consumer);
        return new Map<string, Reply>([
          ['name', consumer.name],
          ['seen-time', consumer.seenAtMs],
          ['pel-count', own.length],
          ['pending', own.slice(0, most).map((each) => [formatId(each.id), each.deliveredAtMs, each.deliveries])],
        ]);
      }),
    ],
  ]);
}

const sorted = ({ consumers }: Group): Consumer[] => [...consumers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

export const streamInfoCommands: readonly Command[] = [
  container(
    'xinfo',
    ['readonly'],
    {
      stream: {
        arity: -3,
        run([, , key = '', word, option, countText, ...more], context) {
          const stream = streamAt(key, context);
          if (word === undefined) return ends(stream);
          if (word.toLowerCase() !== 'full' || more.length > 0) throw syntaxError();
          if (option === undefined) return full(stream, 10);
          if (option.toLowerCase() !== 'count' || countText === undefined) throw syntaxError();
          return full(stream, Math.max(0, parseInteger(countText)));
        },
      },
      groups: {
        arity: 3,
        run([, , key = ''], context) {
          const stream = streamAt(key, context);
          return [...stream.groups.values()]
            .sort((a, b) => (a.name < b.name ? -1 : 1))
            .map(
              (group) =>
                new Map<string, Reply>([
                  ['name', group.name],
                  ['consumers', group.consumers.size],
                  ['pending', group.pending.size],
                  ['last-delivered-id', formatId(group.lastId)],
                  ['entries-read', group.entriesRead],
                  ['lag', lagOf(stream, group)],
                ]),
            );
        },
      },
      consumers: {
        arity: 4,
        run([, , key = '', name = ''], context) {
          const group = streamAt(key, context).groups.get(name);
          if (!group) throw new RespError(`NOGROUP No such consumer group '${name}' for key name '${key}'`);
          const nowMs = context.server.keyspace.now();
          return sorted(group).map(
            (consumer) =>
              new Map<string, Reply>([
                ['name', consumer.name],
                ['pending', consumer.pending],
                ['idle', Math.max(0, nowMs - consumer.seenAtMs)],
              ]),
          );
        },
      },
    },
    [2, 2, 1],
  ),
];
