import type { ServerState } from '../command.ts';
import { type Command, container, NO_KEYS } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { DATABASES } from '../keyspace.ts';
import { parseInteger } from '../numbers.ts';
import { OK, type ProtocolVersion, type Reply, Status, Verbatim } from '../reply.ts';
import { type Session, subscriptions } from '../session.ts';
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

const flagsOf = (session: Session): string =>
  `${session.unblock ? 'b' : ''}${subscriptions(session) > 0 ? 'P' : ''}${session.transaction ? 'x' : ''}` || 'N';

const describeClient = (session: Session, nowMs: number): string =>
  [
    `id=${session.id} addr=${session.address} laddr=${session.localAddress} fd=-1 name=${session.name}`,
    `age=${Math.floor((nowMs - session.connectedAtMs) / 1000)} idle=${Math.floor((nowMs - session.usedAtMs) / 1000)}`,
    `flags=${flagsOf(session)} db=${session.database} sub=${session.channels.size} psub=${session.patterns.size}`,
    `ssub=${session.shardChannels.size} multi=${session.transaction ? session.transaction.queued.length : -1}`,
    `qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 obl=0 oll=0 omem=0 tot-mem=0 events=r cmd=${session.lastCommand} user=default resp=${session.protocol}`,
    `lib-name=${session.library.name} lib-ver=${session.library.version}`,
  ].join(' ');

/** CLIENT LIST TYPE type or ID id …. */
function listFilter(words: readonly string[]): (session: Session) => boolean {
  const [word, ...values] = words;
  switch (word?.toLowerCase()) {
    case undefined:
      return () => true;
    case 'id': {
      const ids = new Set(values.map(parseInteger));
      return ({ id }) => ids.has(id);
    }
    case 'type': {
      const type = values[0]?.toLowerCase() ?? '';
      if (!['normal', 'pubsub', 'master', 'replica'].includes(type))
        throw new RespError(`ERR Unknown client type '${values[0]}'`);
      return (session) => type === (subscriptions(session) > 0 ? 'pubsub' : 'normal');
    }
    default:
      throw syntaxError();
  }
}

/** By address, as it was at first, or by conditions that must all hold. */
function killClients(words: readonly string[], server: ServerState, own: Session): Reply {
  if (words.length === 1) {
    const found = [...server.sessions.values()].find(({ address }) => address === words[0]);
    if (!found) throw new RespError('ERR No such client');
    end(found, own);
    return OK;
  }
  let skipMe = true;
  let killed = [...server.sessions.values()];
  for (let i = 0; i < words.length; i += 2) {
    const [word, value] = [(words[i] as string).toLowerCase(), words[i + 1]];
    if (value === undefined) throw syntaxError();
    if (word === 'id') killed = killed.filter(({ id }) => id === parseInteger(value));
    else if (word === 'addr') killed = killed.filter(({ address }) => address === value);
    else if (word === 'laddr') killed = killed.filter(({ localAddress }) => localAddress === value);
    else if (word === 'type') killed = killed.filter(listFilter(['type', value]));
    else if (word === 'user') killed = value === 'default' ? killed : [];
    else if (word === 'skipme') skipMe = value.toLowerCase() === 'yes';
    else throw syntaxError();
  }
  killed = killed.filter((each) => each !== own || !skipMe);
  for (const each of killed) end(each, own);
  return killed.length;
}

/** Itself only when it has its answer. */
function end(session: Session, own: Session): void {
  if (session === own) own.closing = true;
  else session.kill();
}

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
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
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
    run(args, { session }) {
      if (args.length > 2) throw new RespError("ERR wrong number of arguments for 'ping' command");
      if (session.protocol === 2 && subscriptions(session) > 0) return ['pong', args[1] ?? ''];
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
    flags: ['fast', 'noscript', 'no_auth'],
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
  { name: 'hello', arity: -1, flags: ['fast', 'noscript', 'no_auth'], keys: NO_KEYS, run: hello },
  {
    name: 'quit',
    arity: -1,
    flags: ['fast', 'noscript', 'no_auth'],
    keys: NO_KEYS,
    run(_, { session }) {
      session.closing = true;
      return OK;
    },
  },
  {
    name: 'reset',
    arity: 1,
    flags: ['fast', 'noscript', 'no_auth'],
    keys: NO_KEYS,
    run(_, { server, session }) {
      session.transaction = null;
      server.watches.unwatch(session);
      server.pubsub.leave(session);
      Object.assign(session, {
        replies: 'on',
        protocol: 2,
        database: 0,
        name: '',
        authenticated: server.password === '',
      });
      return new Status('RESET');
    },
  },
  container('client', ['admin', 'noscript'], {
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
    info: {
      arity: 2,
      run: (_, { server, session }) => new Verbatim(`${describeClient(session, server.keyspace.now())}\n`),
    },
    list: {
      arity: -2,
      run([, , ...words], { server }) {
        const accepts = listFilter(words);
        return new Verbatim(
          [...server.sessions.values()]
            .filter(accepts)
            .map((each) => `${describeClient(each, server.keyspace.now())}\n`)
            .join(''),
        );
      },
    },
    kill: { arity: -3, run: ([, , ...words], { server, session }) => killClients(words, server, session) },
    unblock: {
      arity: -3,
      run([, , id = '', reason = 'timeout', ...more], { server }) {
        const how = reason.toLowerCase();
        if (more.length > 0 || (how !== 'timeout' && how !== 'error'))
          throw new RespError('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
        const unblock = server.sessions.get(parseInteger(id))?.unblock;
        if (!unblock) return 0;
        unblock(how === 'error' ? new RespError('UNBLOCKED client unblocked via CLIENT UNBLOCK') : undefined);
        return 1;
      },
    },
    reply: {
      arity: 3,
      run([, , mode = ''], { session }) {
        const replies = mode.toLowerCase();
        if (replies !== 'on' && replies !== 'off' && replies !== 'skip') throw syntaxError();
        session.replies = replies;
        return replies === 'on' ? OK : undefined;
      },
    },
    'no-evict': { arity: 3, run: () => OK },
    'no-touch': { arity: 3, run: () => OK },
    getredir: { arity: 2, run: () => -1 },
  }),
];
