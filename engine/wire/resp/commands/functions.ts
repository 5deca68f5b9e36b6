import { type Command, type CommandContext, command, container, type FunctionLibrary } from '../command.ts';
import { diskFull, RespError } from '../errors.ts';
import { createMatcher } from '../pattern.ts';
import { Members, OK, type Reply, Status } from '../reply.ts';
import { afterKeyCount } from './key-count.ts';

const FLAGS = ['noscript', 'movablekeys'] as const;
const NOWHERE = [0, 0, 0] as const;

const call =
  (readOnly: boolean): Command['run'] =>
  (args, context) => {
    const [, name = '', count = ''] = args;
    const { functions } = context.server;
    const found = functions.find(name);
    if (!found) throw new RespError('ERR Function not found');
    if (!/^(?:0|-?[1-9]\d{0,14})$/.test(count)) throw new RespError('ERR Bad number of keys provided');
    const { keys, rest } = afterKeyCount(args, Number(count));
    return functions.call(found, keys, rest, context, readOnly);
  };

/** The libraries are another: that goes to the log, as what changes a key does. */
function changed({ server: { keyspace } }: CommandContext): void {
  keyspace.changes += 1;
}

/** A subcommand that changes the libraries. */
const changing =
  (run: Command['run']): Command['run'] =>
  (args, context) => {
    if (context.server.isDiskFull?.()) throw diskFull();
    return run(args, context);
  };

function listed({ name, source, functions }: FunctionLibrary, withCode: boolean): Reply {
  const fields = new Map<string, Reply>([
    ['library_name', name],
    ['engine', 'LUA'],
    [
      'functions',
      functions.map(
        (each) =>
          new Map<string, Reply>([
            ['name', each.name],
            ['description', each.description],
            ['flags', new Members(each.flags.map((flag) => new Status(flag)))],
          ]),
      ),
    ],
  ]);
  if (withCode) fields.set('library_code', source);
  return fields;
}

function parseListOptions(words: readonly string[]): { pattern: string | null; withCode: boolean } {
  let pattern: string | null = null;
  let withCode = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (word.toLowerCase() === 'withcode' && !withCode) withCode = true;
    else if (word.toLowerCase() === 'libraryname' && pattern === null) {
      at += 1;
      if (at >= words.length) throw new RespError('ERR library name argument was not given');
      pattern = words[at] as string;
    } else throw new RespError(`ERR Unknown argument ${word}`);
  }
  return { pattern, withCode };
}

export const functionCommands: readonly Command[] = [
  command('fcall', -3, FLAGS, NOWHERE, call(false)),
  command('fcall_ro', -3, [...FLAGS, 'readonly'], NOWHERE, call(true)),
  container('function', ['noscript'], {
    load: {
      arity: -3,
      run: changing((args, context) => {
        const options = args.slice(2, -1);
        const unknown = options.find((word) => word.toLowerCase() !== 'replace');
        if (unknown !== undefined) throw new RespError(`ERR Unknown option given: ${unknown}`);
        const { keyspace, functions } = context.server;
        keyspace.makeRoom();
        const name = functions.load(args.at(-1) as string, options.length > 0);
        changed(context);
        return name;
      }),
    },
    delete: {
      arity: 3,
      run: changing(([, , name = ''], context) => {
        if (!context.server.functions.delete(name)) throw new RespError('ERR Library not found');
        changed(context);
        return OK;
      }),
    },
    flush: {
      arity: -2,
      run: changing(([, given = '', mode, ...more], context) => {
        if (more.length > 0)
          throw new RespError(`ERR unknown subcommand or wrong number of arguments for '${given}'. Try FUNCTION HELP.`);
        if (mode !== undefined && !['async', 'sync'].includes(mode.toLowerCase()))
          throw new RespError('ERR FUNCTION FLUSH only supports SYNC|ASYNC option');
        context.server.functions.clear();
        changed(context);
        return OK;
      }),
    },
    list: {
      arity: -2,
      run([, , ...words], { server }) {
        const { pattern, withCode } = parseListOptions(words);
        const matches = pattern === null ? () => true : createMatcher(pattern);
        return server.functions.libraries.filter(({ name }) => matches(name)).map((each) => listed(each, withCode));
      },
    },
    stats: {
      arity: 2,
      run(_, { server: { functions } }) {
        const { libraries } = functions;
        const counts = new Map([
          ['libraries_count', libraries.length],
          ['functions_count', libraries.reduce((sum, library) => sum + library.functions.length, 0)],
        ]);
        return new Map<string, Reply>([
          ['running_script', null],
          ['engines', new Map([['LUA', counts]])],
        ]);
      },
    },
    kill: {
      arity: 2,
      run() {
        throw new RespError('NOTBUSY No scripts in execution right now.');
      },
    },
  }),
];
