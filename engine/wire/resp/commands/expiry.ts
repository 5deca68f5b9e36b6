import { type Command, type CommandFlag, ONE_KEY } from '../command.ts';
import type { Entry } from '../entry.ts';
import { invalidExpire, RespError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';

interface TimeUnit {
  name: string;
  unitMs: number;
}

const flags: readonly CommandFlag[] = ['write', 'fast'];
const NEVER = Number.POSITIVE_INFINITY;

/** EXPIRE and its like: `relative` to now, or a time since the epoch. */
const expire = ({ name, unitMs }: TimeUnit, relative: boolean): Command => ({
  name,
  arity: -3,
  flags,
  keys: ONE_KEY,
  run([, key = '', time = '', ...words], context) {
    const { server, database } = context;
    const allows = parseConditions(words);
    const ms = parseInteger(time) * unitMs;
    const atMs = relative ? server.keyspace.now() + ms : ms;
    if (!Number.isSafeInteger(atMs)) throw invalidExpire(name);
    const entry = database.use(key);
    if (!entry || !allows(entry, atMs)) return 0;
    database.expireAt(entry, atMs);
    const isOver = atMs <= server.keyspace.now();
    context.logged = [isOver ? ['DEL', key] : ['PEXPIREAT', key, String(atMs)]];
    server.notifier.notify('g', isOver ? 'del' : 'expire', key, database.index);
    return 1;
  },
});

type Condition = (entry: Entry, atMs: number) => boolean;

const conditions: Record<string, Condition> = {
  nx: ({ expiresAtMs }) => expiresAtMs === NEVER,
  xx: ({ expiresAtMs }) => expiresAtMs !== NEVER,
  // A key that never expires counts as one with an endless time.
  gt: ({ expiresAtMs }, atMs) => atMs > expiresAtMs,
  lt: ({ expiresAtMs }, atMs) => atMs < expiresAtMs,
};

function parseConditions(words: readonly string[]): Condition {
  const names = words.map((word) => word.toLowerCase());
  const unknown = words.find((word) => !Object.hasOwn(conditions, word.toLowerCase()));
  if (unknown !== undefined) throw new RespError(`ERR Unsupported option ${unknown}`);
  if (names.includes('nx') && names.some((name) => name !== 'nx'))
    throw new RespError('ERR NX and XX, GT or LT options at the same time are not compatible');
  if (names.includes('gt') && names.includes('lt'))
    throw new RespError('ERR GT and LT options at the same time are not compatible');
  return (entry, atMs) => names.every((name) => (conditions[name] as Condition)(entry, atMs));
}

/** What is left of a key's time, or, not `relative`, when it ends; −1: it stays, −2: there is no such key. */
const tell = ({ name, unitMs }: TimeUnit, relative: boolean): Command => ({
  name,
  arity: 2,
  flags: ['readonly', 'fast'],
  keys: ONE_KEY,
  run([, key = ''], { server, database }) {
    const entry = database.peek(key);
    if (!entry) return -2;
    if (entry.expiresAtMs === NEVER) return -1;
    const ms = relative ? Math.max(0, entry.expiresAtMs - server.keyspace.now()) : entry.expiresAtMs;
    // Redis rounds what is left, and cuts a time off.
    return unitMs === 1 ? ms : Math.floor((ms + (relative ? 500 : 0)) / unitMs);
  },
});

export const expiryCommands: readonly Command[] = [
  expire({ name: 'expire', unitMs: 1000 }, true),
  expire({ name: 'pexpire', unitMs: 1 }, true),
  expire({ name: 'expireat', unitMs: 1000 }, false),
  expire({ name: 'pexpireat', unitMs: 1 }, false),
  tell({ name: 'ttl', unitMs: 1000 }, true),
  tell({ name: 'pttl', unitMs: 1 }, true),
  tell({ name: 'expiretime', unitMs: 1000 }, false),
  tell({ name: 'pexpiretime', unitMs: 1 }, false),
  {
    name: 'persist',
    arity: 2,
    flags,
    keys: ONE_KEY,
    run([, key = ''], { server, database }) {
      const entry = database.use(key);
      if (!entry || entry.expiresAtMs === NEVER) return 0;
      database.expireAt(entry, NEVER);
      server.notifier.notify('g', 'persist', key, database.index);
      return 1;
    },
  },
];
