import type { ServerState } from '../command.ts';
import { type Command, container, NO_KEYS } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { DATABASES } from '../keyspace.ts';
import { parseInteger } from '../numbers.ts';
import { OK, type ProtocolVersion, type Reply, Status } from '../reply.ts';
import type { Session } from '../session.ts';
import { REDIS_VERSION } from '../version.ts';

const PONG = new Status('PONG');
const libraryFields = new Map<string, 'name' | 'version'>([
  ['lib-name', 'name'],
  ['lib-ver', 'version'],
]);

function authenticate(session: Session, { password }: ServerState, user: string, given: string): void {
  if (user !== 'default' || given !== password)
    throw new RespError('WRONGPASS invalid username-password pair or user is disabled.');
  session.authenticated = true;
}

function select(session: Session, text: string): void {
  const index = parseInteger(text);
  if (index < 0 || index >= DATABASES) throw new RespError('ERR DB index is out of range');
  session.database = index;
}

function setName(session: Session, name: string): void {
  if (/[^!-~]/.test(name))
    throw new RespError('ERR Client names cannot contain spaces, newlines or special characters.');
  session.name = name;
}

const describeClient = (session: Session, nowMs: number): string =>
  [
    `id=${session.id} addr=${session.address} laddr=${session.localAddress} fd=-1 name=${session.name}`,
    `age=${Math.floor((nowMs - session.connectedAtMs) / 1000)} idle=0 flags=N db=${session.database}`,
    `cmd=${session.lastCommand} user=default resp=${session.protocol}`,
    `lib-name=${session.library.name} lib-ver=${session.library.version}`,
  ].join(' ');

const hello: Command['run'] = ([, version, ...words], { server, session }) => {
  let protocol: ProtocolVersion = session.protocol;
  if (version !== undefined) {
    if (!/^-?\d{1,9}$/.test(version)) throw new RespError('ERR Protocol version is not an integer or out of range');
    if (version !== '2' && version !== '3') throw new RespError('NOPROTO unsupported protocol version');
    protocol = version === '2' ? 2 : 3;
  }
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'auth' && words.length - i > 2) {
      authenticate(session, server, words[i + 1] as string, words[i + 2] as string);
      i += 2;
    } else if (word === 'setname' && words.length - i > 1) {
      setName(session, words[i + 1] as string);
      i += 1;
    } else throw new RespError(`ERR Syntax error in HELLO option '${words[i]}'`);
  }
  if (!session.authenticated)
    throw new RespError(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  session.protocol = protocol;
  return new Map<string, Reply>([
    ['server', 'redis'],
    ['version', REDIS_VERSION],
    ['proto', protocol],
    ['id', session.id],
    ['mode', 'standalone'],
    ['role', 'master'],
    ['modules', []],
  ]);
};

export const connectionCommands: readonly Command[] = [
  {
    name: 'ping',
    arity: -1,
    flags: ['fast'],
    keys: NO_KEYS,
    run(args) {
      if (args.length > 2) throw new RespError("ERR wrong number of arguments for 'ping' command");
      return args[1] ?? PONG;
    },
  },
  { name: 'echo', arity: 2, flags: ['fast'], keys: NO_KEYS, run: ([, text = '']) => text },
  {
    name: 'select',
    arity: 2,
    flags: ['fast'],
    keys: NO_KEYS,
    run([, index = ''], { session }) {
      select(session, index);
      return OK;
    },
  },
  {
    name: 'auth',
    arity: -2,
    flags: ['fast', 'no_auth'],
    keys: NO_KEYS,
    run([, ...words], { server, session }) {
      if (words.length > 2) throw syntaxError();
      if (words.length === 1 && server.password === '')
        throw new RespError(
          'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
        );
      const [user, password] = words.length === 1 ? ['default', words[0]] : words;
      if (server.password !== '' || user !== 'default')
        authenticate(session, server, user as string, password as string);
      return OK;
    },
  },
  { name: 'hello', arity: -1, flags: ['fast', 'no_auth'], keys: NO_KEYS, run: hello },
  {
    name: 'quit',
    arity: -1,
    flags: ['fast', 'no_auth'],
    keys: NO_KEYS,
    run(_, { session }) {
      session.closing = true;
      return OK;
    },
  },
  {
    name: 'reset',
    arity: 1,
    flags: ['fast', 'no_auth'],
    keys: NO_KEYS,
    run(_, { server, session }) {
      Object.assign(session, { protocol: 2, database: 0, name: '', authenticated: server.password === '' });
      return new Status('RESET');
    },
  },
  container('client', ['admin'], {
    id: { arity: 2, run: (_, { session }) => session.id },
    getname: { arity: 2, run: (_, { session }) => session.name || null },
    setname: {
      arity: 3,
      run([, , name = ''], { session }) {
        setName(session, name);
        return OK;
      },
    },
    setinfo: {
      arity: 4,
      run([, , what = '', value = ''], { session }) {
        const field = libraryFields.get(what.toLowerCase());
        if (!field) throw new RespError(`ERR Unrecognized option '${what}'`);
        if (/[^!-~]/.test(value))
          throw new RespError(`ERR ${what} cannot contain spaces, newlines or special characters.`);
        session.library[field] = value;
        return OK;
      },
    },
    info: { arity: 2, run: (_, { server, session }) => `${describeClient(session, server.keyspace.now())}\n` },
    list: {
      arity: -2,
      run: (_, { server }) =>
        [...server.sessions.values()].map((each) => `${describeClient(each, server.keyspace.now())}\n`).join(''),
    },
    'no-evict': { arity: 3, run: () => OK },
  }),
];
