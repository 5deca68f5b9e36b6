import { type Command, container, NO_KEYS } from '../command.ts';
import { syntaxError } from '../errors.ts';
import { createMatcher } from '../pattern.ts';
import { OK, type Reply, Verbatim } from '../reply.ts';
import { configOf, setConfig } from './config.ts';
import { infoText } from './info.ts';

const flushMode = (words: readonly string[]): void => {
  if (words.length > 1 || (words[0] && !['async', 'sync'].includes(words[0].toLowerCase()))) throw syntaxError();
};

const tell = ({ name, arity, flags, keys: [first, last, step] }: Command): Reply => [
  name,
  arity,
  flags,
  first,
  last,
  step,
];

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
  container('config', ['admin'], {
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
    run([, subcommand, ...words], { server }) {
      const all = [...server.commands.values()];
      switch (subcommand?.toLowerCase()) {
        case undefined:
          return all.map(tell);
        case 'count':
          return all.length;
        case 'list':
          return all.map(({ name }) => name);
        case 'docs':
          return new Map();
        case 'info':
          return words.map((name) => {
            const command = server.commands.get(name.toLowerCase());
            return command ? tell(command) : null;
          });
        default:
          throw syntaxError();
      }
    },
  },
];
