import { ALL_KEYS, type Command, NO_KEYS, ONE_KEY } from '../command.ts';
import type { Database } from '../database.ts';
import { type Entry, typeOf } from '../entry.ts';
import { noSuchKey, RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { createMatcher } from '../pattern.ts';
import { OK, Status } from '../reply.ts';

const remove: Command['run'] = ([, ...keys], { database }) => {
  let removed = 0;
  for (const key of keys) {
    const entry = database.peek(key);
    if (!entry) continue;
    database.remove(entry);
    removed += 1;
  }
  return removed;
};

const count: Command['run'] = ([, ...keys], { database }) => keys.filter((key) => database.read(key)).length;

function rename(from: string, to: string, database: Database): void {
  const entry = database.use(from);
  if (!entry) throw noSuchKey();
  if (from !== to) database.rename(entry, to);
}

/** DEL removes at once what UNLINK lets go of later in Redis; here both are as cheap. */
export const keyCommands: readonly Command[] = [
  { name: 'del', arity: -2, flags: ['write'], keys: ALL_KEYS, run: remove },
  { name: 'unlink', arity: -2, flags: ['write', 'fast'], keys: ALL_KEYS, run: remove },
  { name: 'exists', arity: -2, flags: ['readonly', 'fast'], keys: ALL_KEYS, run: count },
  { name: 'touch', arity: -2, flags: ['readonly', 'fast'], keys: ALL_KEYS, run: count },
  {
    name: 'type',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: ONE_KEY,
    run([, key = ''], { database }) {
      const entry = database.peek(key);
      return new Status(entry ? typeOf(entry.value) : 'none');
    },
  },
  {
    name: 'keys',
    arity: 2,
    flags: ['readonly'],
    keys: NO_KEYS,
    run([, pattern = ''], { database }) {
      const matches = createMatcher(pattern);
      return [...database.live()].map(({ key }) => key).filter(matches);
    },
  },
  {
    name: 'scan',
    arity: -2,
    flags: ['readonly'],
    keys: NO_KEYS,
    run([, cursor = '', ...words], { database }) {
      if (!/^\d{1,20}$/.test(cursor)) throw new RespError('ERR invalid cursor');
      const { accepts, count: wanted } = scanOptions(words);
      const found = database.scan(Number(cursor), wanted);
      return [String(found.cursor), found.entries.filter(accepts).map(({ key }) => key)];
    },
  },
  {
    name: 'randomkey',
    arity: 1,
    flags: ['readonly'],
    keys: NO_KEYS,
    run(_, { server, database }) {
      for (;;) {
        const drawn = database.all.sample(server.keyspace.random);
        if (!drawn) return null;
        // Looking removes it if its time is over.
        if (database.peek(drawn.key)) return drawn.key;
      }
    },
  },
  {
    name: 'rename',
    arity: 3,
    flags: ['write'],
    keys: [1, 2, 1],
    run([, from = '', to = ''], { database }) {
      rename(from, to, database);
      return OK;
    },
  },
  {
    name: 'renamenx',
    arity: 3,
    flags: ['write', 'fast'],
    keys: [1, 2, 1],
    run([, from = '', to = ''], { database }) {
      if (!database.peek(from)) throw noSuchKey();
      if (database.peek(to)) return 0;
      rename(from, to, database);
      return 1;
    },
  },
];

function scanOptions(words: readonly string[]): { accepts: (entry: Entry) => boolean; count: number } {
  let wanted = 10;
  let matches = (_: string): boolean => true;
  let type: string | null = null;
  for (let i = 0; i < words.length; i += 2) {
    const [word, text] = [(words[i] as string).toLowerCase(), words[i + 1]];
    if (text === undefined) throw syntaxError();
    if (word === 'count') wanted = parseInteger(text);
    else if (word === 'match') matches = createMatcher(text);
    else if (word === 'type') type = text.toLowerCase();
    else throw syntaxError();
    if (wanted < 1) throw syntaxError();
  }
  return { accepts: ({ key, value }) => matches(key) && (type === null || typeOf(value) === type), count: wanted };
}
