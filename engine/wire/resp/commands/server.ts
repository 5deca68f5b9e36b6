import { type Command, command, container, NO_KEYS } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { createMatcher } from '../pattern.ts';
import { NULL_ARRAY, OK, type Reply, Status, Verbatim } from '../reply.ts';
import { configOf, setConfig } from './config.ts';
import { infoText } from './info.ts';

const flushMode = (words: readonly string[]): void => {
  if (words.length > 1 || (words[0] && !['async', 'sync'].includes(words[0].toLowerCase()))) throw syntaxError();
};

const tell = ({ name, arity, flags, keys: [first, last, step] }: Command): Reply => [
  name,
  arity,
  flags.map((flag) => new Status(flag)),
  first,
  last,
  step,
];

const aboutCommands = container('command', [], {
  count: { arity: 2, run: (_, { server }) => server.commands.size },
  list: { arity: -2, run: (_, { server }) => [...server.commands.keys()] },
  docs: { arity: -2, run: () => new Map() },
  info: {
    arity: -2,
    run: ([, , ...names], { server }) =>
      names.map((name) => {
        const known = server.commands.get(name.toLowerCase());
        return known ? tell(known) : NULL_ARRAY;
      }),
  },
});

export const serverCommands: readonly Command[] = [
  {
    name: 'dbsize',
    arity: 1,
    flags: ['readonly', 'fast'],
    keys: NO_KEYS,
    run: (_, { database }) => database.size,
  },
  {
    name: 'flushdb',
    arity: -1,
    flags: ['write'],
    keys: NO_KEYS,
    run([, ...words], { database }) {
      flushMode(words);
      database.clear();
      return OK;
    },
  },
  {
    name: 'flushall',
    arity: -1,
    flags: ['write'],
    keys: NO_KEYS,
    run([, ...words], { server }) {
      flushMode(words);
      for (const [, database] of server.keyspace.databases()) database.clear();
      return OK;
    },
  },
  {
    name: 'time',
    arity: 1,
    flags: ['fast'],
    keys: NO_KEYS,
    run(_, { server }) {
      const nowMs = server.keyspace.now();
      return [String(Math.floor(nowMs / 1000)), String(Math.floor(nowMs % 1000) * 1000)];
    },
  },
  {
    name: 'info',
    arity: -1,
    flags: [],
    keys: NO_KEYS,
    run: ([, ...sections], { server }) => new Verbatim(infoText(server, sections)),
  },
  command('bgrewriteaof', 1, ['admin', 'noscript'], NO_KEYS, (_, { server }) => {
    if (!server.log) throw new RespError('ERR this server writes no append-only file: start it with a data directory');
    server.log.rewrite();
    return new Status('Background append only file rewriting started');
  }),
  command('lastsave', 1, ['fast'], NO_KEYS, (_, { server }) => Math.floor(server.startedAtMs / 1000)),
  command('role', 1, ['fast', 'noscript'], NO_KEYS, () => ['master', 0, []]),
  command('wait', 3, ['blocking'], NO_KEYS, () => 0),
  command('readonly', 1, ['fast'], NO_KEYS, () => {
    throw new RespError('ERR This instance has cluster support disabled');
  }),
  command('cluster', -2, ['admin'], NO_KEYS, () => {
    throw new RespError('ERR This instance has cluster support disabled');
  }),
  container('latency', ['admin', 'noscript'], {
    latest: { arity: 2, run: () => [] },
    reset: { arity: -2, run: () => 0 },
  }),
  container('slowlog', ['admin'], {
    get: { arity: -2, run: () => [] },
    len: { arity: 2, run: () => 0 },
    reset: { arity: 2, run: () => OK },
  }),
  container('config', ['admin', 'noscript'], {
    get: {
      arity: -3,
      run([, , ...patterns], { server }) {
        const matchers = patterns.map((pattern) => createMatcher(pattern.toLowerCase()));
        const known = configOf(server);
        return new Map([...known].filter(([name]) => matchers.some((matches) => matches(name))));
      },
    },
    set: {
      arity: -4,
      run([, , ...pairs], { server }) {
        setConfig(server, pairs);
        return OK;
      },
    },
    resetstat: {
      arity: 2,
      run(_, { server }) {
        Object.assign(server.keyspace.stats, { hits: 0, misses: 0, expired: 0, evicted: 0 });
        return OK;
      },
    },
  }),
  {
    name: 'command',
    arity: -1,
    flags: [],
    keys: NO_KEYS,
    run: (args, context) =>
      args.length === 1 ? [...context.server.commands.values()].map(tell) : aboutCommands.run(args, context),
  },
];
