import { type Command, type CommandContext, command } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { NULL_ARRAY, type Reply } from '../reply.ts';
import { type Group, StreamValue } from '../values/stream.ts';
import { formatId, MAX_ID, MIN_ID, nextId, parseId, type StreamId } from '../values/stream-id.ts';
import { readStream, writtenEntry } from './streams.ts';

interface ReadOptions {
  count: number;
  /** Null: does not wait. */
  blockMs: number | null;
  noAck: boolean;
  group: string;
  consumer: string;
  keys: string[];
  ids: string[];
}

function parseOptions(words: readonly string[], inGroup: boolean): ReadOptions {
  const options: ReadOptions = {
    count: Number.POSITIVE_INFINITY,
    blockMs: null,
    noAck: false,
    group: '',
    consumer: '',
    keys: [],
    ids: [],
  };
  let grouped = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] as string).toLowerCase();
    const left = words.length - at - 1;
    if (word === 'block' && left > 0) {
      at += 1;
      options.blockMs = parseBlock(words[at] as string);
    } else if (word === 'count' && left > 0) {
      at += 1;
      options.count = parseInteger(words[at] as string) || Number.POSITIVE_INFINITY;
      if (options.count < 0) options.count = Number.POSITIVE_INFINITY;
    } else if (word === 'group' && left > 1 && inGroup) {
      [options.group, options.consumer] = [words[at + 1] as string, words[at + 2] as string];
      grouped = true;
      at += 2;
    } else if (word === 'noack' && inGroup) options.noAck = true;
    else if (word === 'streams' && left > 0) {
      if (left % 2 === 1)
        throw new RespError(
          `ERR Unbalanced ${inGroup ? 'XREADGROUP' : 'XREAD'} list of streams: for each stream key an ID or '${inGroup ? '>' : '$'}' must be specified.`,
        );
      options.keys = words.slice(at + 1, at + 1 + left / 2);
      options.ids = words.slice(at + 1 + left / 2);
      break;
    } else throw syntaxError();
  }
  if (options.keys.length === 0) throw syntaxError();
  if (inGroup && !grouped) throw new RespError('ERR Missing GROUP option for XREADGROUP');
  return options;
}

function parseBlock(text: string): number {
  if (!/^-?\d{1,18}$/.test(text)) throw new RespError('ERR timeout is not an integer or out of range');
  if (text.startsWith('-')) throw new RespError('ERR timeout is negative');
  return Number(text);
}

type Found = [key: string, entries: Reply][];

/** RESP3 has a map of them. */
const answer = (found: Found, { session }: CommandContext): Reply => (session.protocol === 3 ? new Map(found) : found);

function waitOrAnswer(
  context: CommandContext,
  { keys, blockMs }: ReadOptions,
  attempt: (now: CommandContext) => Reply | undefined,
): Reply | Promise<Reply> {
  if (blockMs === null) return attempt(context) ?? NULL_ARRAY;
  return context.server.blocking.wait(context, { keys, timeoutMs: blockMs, attempt });
}

const read: Command['run'] = ([, ...words], context) => {
  const options = parseOptions(words, false);
  const after = options.ids.map((text, i): StreamId => {
    const stream = readStream(options.keys[i] as string, context);
    if (text === '$') return stream?.lastId ?? MIN_ID;
    if (text === '>')
      throw new RespError(
        'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      );
    return parseId(text);
  });
  return waitOrAnswer(context, options, (now) => {
    const found: Found = [];
    for (const [i, key] of options.keys.entries()) {
      const stream = readStream(key, now);
      if (!stream) continue;
      const entries = stream.range(nextId(after[i] as StreamId), MAX_ID, options.count);
      if (entries.length > 0) found.push([key, entries.map(writtenEntry)]);
    }
    return found.length > 0 ? answer(found, now) : undefined;
  });
};

const noGroup = (key: string, group: string): RespError =>
  new RespError(`NOGROUP No such key '${key}' or consumer group '${group}' in XREADGROUP with GROUP option`);

const readGroup: Command['run'] = ([, ...words], context) => {
  const options = parseOptions(words, true);
  const { keys, ids, group, blockMs } = options;
  const starts = ids.map((text) => {
    if (text === '$')
      throw new RespError(
        'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
      );
    return text === '>' ? null : parseId(text);
  });
  for (const key of keys) if (!readStream(key, context)?.groups.has(group)) throw noGroup(key, group);
  const attempt = (now: CommandContext): Reply | undefined => {
    const found: Found = [];
    const logged: string[][] = [];
    for (const [i, key] of keys.entries()) {
      const entry = now.database.editAs(key, StreamValue);
      const consumerGroup = entry?.value.groups.get(group);
      if (!entry || !consumerGroup) throw noGroup(key, group);
      const start = starts[i];
      const entries = start
        ? history(entry.value, consumerGroup, options, start, now)
        : deliverNew(entry.value, consumerGroup, options, now, key, logged);
      if (entries.length === 0 && !start) continue;
      found.push([key, entries]);
      if (!start) now.database.changed(entry);
    }
    now.logged = logged;
    return found.length > 0 ? answer(found, now) : undefined;
  };
  // Reading one's history never waits.
  return starts.some((start) => start !== null)
    ? (attempt(context) ?? NULL_ARRAY)
    : waitOrAnswer(context, { ...options, blockMs }, attempt);
};

function deliverNew(
  stream: StreamValue,
  group: Group,
  { count, consumer: name, noAck }: ReadOptions,
  context: CommandContext,
  key: string,
  logged: string[][],
): Reply[] {
  const { keyspace, notifier } = context.server;
  const nowMs = keyspace.now();
  const { consumer, isNew } = group.consumer(name, nowMs);
  if (isNew) {
    keyspace.changes += 1;
    logged.push(['XGROUP', 'CREATECONSUMER', key, group.name, name]);
    notifier.notify('t', 'xgroup-createconsumer', key, context.database.index);
  }
  consumer.seenAtMs = nowMs;
  const entries = stream.range(nextId(group.lastId), MAX_ID, count);
  if (entries.length === 0) return [];
  for (const { ms, seq } of entries) {
    const id = { ms, seq };
    group.lastId = id;
    if (group.entriesRead !== null) group.entriesRead += 1;
    if (noAck) continue;
    group.deliver(id, consumer, nowMs, 1);
    logged.push([
      'XCLAIM',
      key,
      group.name,
      name,
      '0',
      formatId(id),
      'TIME',
      String(nowMs),
      'RETRYCOUNT',
      '1',
      'FORCE',
      'JUSTID',
    ]);
  }
  if (group.entriesRead === null && stream.entriesAdded === stream.size)
    group.entriesRead = stream.rankOf(nextId(group.lastId));
  logged.push([
    'XGROUP',
    'SETID',
    key,
    group.name,
    formatId(group.lastId),
    ...(group.entriesRead === null ? [] : ['ENTRIESREAD', String(group.entriesRead)]),
  ]);
  return entries.map(writtenEntry);
}

/** What the consumer was given after an id and has not acknowledged; null for what is deleted by now. */
function history(
  stream: StreamValue,
  group: Group,
  { count, consumer: name }: ReadOptions,
  after: StreamId,
  { server }: CommandContext,
): Reply[] {
  const nowMs = server.keyspace.now();
  const { consumer } = group.consumer(name, nowMs);
  consumer.seenAtMs = nowMs;
  const entries: Reply[] = [];
  const start = group.pending.rankOf({ ...nothing, id: nextId(after), consumer });
  for (const pending of group.pending.slice(start, group.pending.size - start)) {
    if (entries.length >= count) break;
    if (pending.consumer !== consumer) continue;
    pending.deliveredAtMs = nowMs;
    pending.deliveries += 1;
    const entry = stream.entry(pending.id);
    entries.push(entry ? writtenEntry(entry) : [formatId(pending.id), NULL_ARRAY]);
  }
  return entries;
}

const nothing = { deliveredAtMs: 0, deliveries: 0 };

export const streamReadCommands: readonly Command[] = [
  command('xread', -4, ['readonly', 'blocking', 'movablekeys'], [0, 0, 0], read),
  command('xreadgroup', -7, ['write', 'blocking', 'movablekeys'], [0, 0, 0], readGroup),
];
