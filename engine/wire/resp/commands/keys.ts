import { ALL_KEYS, type Command, type CommandContext, NO_KEYS, ONE_KEY } from '../command.ts';
import { typeOf } from '../entry.ts';
import { noSuchKey } from '../errors.ts';
import { createMatcher } from '../pattern.ts';
import { OK, Status } from '../reply.ts';
import { checkCursor, parseScanOptions } from './scan-options.ts';

const remove: Command['run'] = ([, ...keys], { server, database }) => {
  let removed = 0;
  for (const key of keys) {
    const entry = database.peek(key);
    if (!entry) continue;
    database.remove(entry);
    server.notifier.notify('g', 'del', key, database.index);
    removed += 1;
  }
  return removed;
};

const count: Command['run'] = ([, ...keys], { database }) => keys.filter((key) => database.read(key)).length;

function rename(from: string, to: string, { server, database }: CommandContext): void {
  const entry = database.use(from);
  if (!entry) throw noSuchKey();
  if (from === to) return;
  database.rename(entry, to);
  server.notifier.notify('g', 'rename_from', from, database.index);
  server.notifier.notify('g', 'rename_to', to, database.index);
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
      checkCursor(cursor);
      const { matches, type, count: wanted } = parseScanOptions(words, true);
      const found = database.scan(Number(cursor), wanted);
      const accepted = found.entries.filter(
        ({ key, value }) => matches(key) && (type === null || typeOf(value) === type),
      );
      return [String(found.cursor), accepted.map(({ key }) => key)];
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
    run([, from = '', to = ''], context) {
      rename(from, to, context);
      return OK;
    },
  },
  {
    name: 'renamenx',
    arity: 3,
    flags: ['write', 'fast'],
    keys: [1, 2, 1],
    run([, from = '', to = ''], context) {
      if (!context.database.peek(from)) throw noSuchKey();
      if (context.database.peek(to)) return 0;
      rename(from, to, context);
      return 1;
    },
  },
];
