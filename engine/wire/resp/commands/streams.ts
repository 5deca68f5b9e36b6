import {
  type Command,
  type CommandContext,
  command,
  ONE_KEY,
  READ,
  READ_FAST,
  SHRINK,
  SHRINK_FAST,
  WRITE_FAST,
} from '../command.ts';
import type { Entry } from '../entry.ts';
import { noSuchKey, RespError, syntaxError, wrongArity } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { NULL_ARRAY, OK, type Reply } from '../reply.ts';
import { type StreamEntry, StreamValue } from '../values/stream.ts';
import {
  compareIds,
  formatId,
  invalidId,
  MAX_ID,
  MIN_ID,
  nextId,
  parseId,
  previousId,
  type StreamId,
} from '../values/stream-id.ts';
import { parseTrim, type Trim } from './stream-trim.ts';

export const readStream = (key: string, { database }: CommandContext): StreamValue | undefined =>
  database.readAs(key, StreamValue);

export const writtenEntry = (entry: StreamEntry): Reply => [formatId(entry), entry.fields];

/** The id of a new entry: given whole, up to its number (`5-*`), or not at all (`*`). */
function newId(text: string, stream: StreamValue | undefined, nowMs: number): StreamId {
  const last = stream?.lastId ?? MIN_ID;
  if (text === '*') return nowMs > last.ms ? { ms: nowMs, seq: 0 } : nextId(last);
  if (text.endsWith('-*')) {
    const { ms } = parseId(text.slice(0, -2));
    if (ms < last.ms) throw tooSmall();
    return ms === last.ms ? { ms, seq: last.seq + 1 } : { ms, seq: 0 };
  }
  const id = parseId(text);
  if (!Number.isFinite(id.ms) || !Number.isFinite(id.seq)) throw invalidId();
  if (id.ms === 0 && id.seq === 0) throw new RespError('ERR The ID specified in XADD must be greater than 0-0');
  if (compareIds(id, last) <= 0) throw tooSmall();
  return id;
}

const tooSmall = (): RespError =>
  new RespError('ERR The ID specified in XADD is equal or smaller than the target stream top item');

const add: Command['run'] = (words, context) => {
  const { server, database } = context;
  const key = words[1] as string;
  let at = 2;
  let makeStream = true;
  let trim: Trim | null = null;
  for (; at < words.length; ) {
    const word = (words[at] as string).toLowerCase();
    if (word === 'nomkstream') {
      makeStream = false;
      at += 1;
    } else if (word === 'maxlen' || word === 'minid') {
      const parsed = parseTrim(words, at);
      trim = parsed.trim;
      at = parsed.end;
    } else break;
  }
  const idText = words[at];
  const fields = words.slice(at + 1);
  if (idText === undefined || fields.length === 0 || fields.length % 2 === 1) throw wrongArity('xadd');
  const known = database.editAs(key, StreamValue);
  const id = newId(idText, known?.value, server.keyspace.now());
  if (!known && !makeStream) return null;
  const entry = known ?? database.ensure(key, StreamValue);
  entry.value.add(id, fields);
  server.notifier.notify('t', 'xadd', key, database.index);
  const idAsText = formatId(id);
  const logged = server.log ? [['XADD', key, idAsText, ...fields]] : null;
  if (trim) {
    const dropped = trim(entry.value);
    if (dropped > 0) {
      logged?.push(['XTRIM', key, 'MAXLEN', String(entry.value.size)]);
      server.notifier.notify('t', 'xtrim', key, database.index);
    }
  }
  context.logged = logged;
  database.changed(entry);
  return idAsText;
};

/** An end of a range: `-`, `+`, an id, or, after `(`, what comes next to an id. */
export function parseRangeEnd(text: string, side: 'from' | 'to'): StreamId {
  if (text === '-') return MIN_ID;
  if (text === '+') return MAX_ID;
  const exclusive = text.startsWith('(');
  const id = parseId(exclusive ? text.slice(1) : text, side === 'from' ? 0 : Number.POSITIVE_INFINITY);
  if (!exclusive) return id;
  if (side === 'from') {
    if (id.ms === Number.POSITIVE_INFINITY) throw new RespError('ERR invalid start ID for the interval');
    return nextId(id);
  }
  if (compareIds(id, MIN_ID) === 0) throw new RespError('ERR invalid end ID for the interval');
  return previousId(id);
}

const range =
  (reverse: boolean): Command['run'] =>
  ([, key = '', first = '', second = '', word, countText, ...more], context) => {
    const [fromText, toText] = reverse ? [second, first] : [first, second];
    const from = parseRangeEnd(fromText, 'from');
    const to = parseRangeEnd(toText, 'to');
    if (word !== undefined && (word.toLowerCase() !== 'count' || countText === undefined || more.length > 0))
      throw syntaxError();
    const count = countText === undefined ? Number.POSITIVE_INFINITY : Math.max(0, parseInteger(countText));
    const stream = readStream(key, context);
    if (count === 0) return stream ? NULL_ARRAY : [];
    return stream?.range(from, to, count, reverse).map(writtenEntry) ?? [];
  };

/** Changes a stream in place, if it is there. */
function change(
  key: string,
  { server, database }: CommandContext,
  event: string,
  act: (stream: StreamValue) => number,
): number {
  const entry = database.editAs(key, StreamValue);
  if (!entry) return 0;
  const changes = act(entry.value);
  if (changes > 0) {
    server.notifier.notify('t', event, key, database.index);
    database.changed(entry as Entry<StreamValue>);
  }
  return changes;
}

const setId: Command['run'] = ([, key = '', text = '', ...words], { server, database }) => {
  const id = parseId(text);
  const entry = database.editAs(key, StreamValue);
  if (!entry) throw noSuchKey();
  const last = entry.value.last();
  if (last && compareIds(id, last) < 0)
    throw new RespError('ERR The ID specified in XSETID is smaller than the target stream top item');
  for (let i = 0; i < words.length; i += 2) {
    const [word, value] = [(words[i] as string).toLowerCase(), words[i + 1]];
    if (value === undefined) throw syntaxError();
    if (word === 'entriesadded') entry.value.entriesAdded = parseInteger(value);
    else if (word === 'maxdeletedid') entry.value.maxDeletedId = parseId(value);
    else throw syntaxError();
  }
  entry.value.lastId = id;
  database.changed(entry);
  server.notifier.notify('t', 'xsetid', key, database.index);
  return OK;
};

export const streamCommands: readonly Command[] = [
  command('xadd', -5, WRITE_FAST, ONE_KEY, add),
  command('xlen', 2, READ_FAST, ONE_KEY, ([, key = ''], context) => readStream(key, context)?.size ?? 0),
  command('xrange', -4, READ, ONE_KEY, range(false)),
  command('xrevrange', -4, READ, ONE_KEY, range(true)),
  command('xdel', -3, SHRINK_FAST, ONE_KEY, ([, key = '', ...texts], context) => {
    const ids = texts.map((text) => parseId(text));
    return change(key, context, 'xdel', (stream) => ids.filter((id) => stream.delete(id)).length);
  }),
  command('xtrim', -4, SHRINK, ONE_KEY, ([, key = '', ...words], context) => {
    const { trim, end } = parseTrim(words, 0);
    if (end < words.length) throw syntaxError();
    return change(key, context, 'xtrim', (stream) => {
      const dropped = trim(stream);
      if (dropped > 0) context.logged = [['XTRIM', key, 'MAXLEN', String(stream.size)]];
      return dropped;
    });
  }),
  command('xsetid', -3, WRITE_FAST, ONE_KEY, setId),
];
