import type { ServerState } from '../command.ts';
import { RespError, wrongArity } from '../errors.ts';
import { type EvictionPolicy, evictionPolicies } from '../eviction.ts';
import { DATABASES } from '../keyspace.ts';
import { fsyncPolicies } from '../persistence/log.ts';
import { NODE_BYTES, NODE_ENTRIES } from '../values/stream-nodes.ts';

/** What CONFIG GET tells. */
export const configOf = ({
  keyspace: { settings },
  password,
  port,
  maxStringBytes,
  notifier,
  scripts,
  log,
}: ServerState): Map<string, string> =>
  new Map([
    ['maxmemory', String(settings.maxMemoryBytes)],
    ['maxmemory-policy', settings.policy],
    ['maxmemory-samples', String(settings.samples)],
    ['maxkeys', String(settings.maxKeys)],
    ['databases', String(DATABASES)],
    ['port', String(port ?? 0)],
    ['requirepass', password],
    ['proto-max-bulk-len', String(maxStringBytes)],
    ['save', ''],
    ['appendonly', log ? 'yes' : 'no'],
    ['appendfsync', log?.policy ?? 'everysec'],
    ['notify-keyspace-events', notifier.flags],
    ['timeout', '0'],
    ['maxclients', '10000'],
    ['lua-time-limit', String(scripts.timeLimitMs)],
    ['stream-node-max-entries', String(NODE_ENTRIES)],
    ['stream-node-max-bytes', String(NODE_BYTES)],
  ]);

const units: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1024,
  m: 1e6,
  mb: 1024 ** 2,
  g: 1e9,
  gb: 1024 ** 3,
};

function parseBytes(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,15})([kmg]?b?)$/i.exec(text) ?? [];
  if (digits === undefined) throw new Error('argument must be a memory value');
  return Number(digits) * (units[unit.toLowerCase()] as number);
}

function parseCount(text: string, min: number): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error("argument couldn't be parsed into an integer");
  if (Number(text) < min) throw new Error(`argument must be between ${min} and 2147483647 inclusive`);
  return Number(text);
}

/** In the order in which Redis names them. */
const POLICY_NAMES =
  'volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction';

function parsePolicy(text: string): EvictionPolicy {
  const policy = evictionPolicies.find((known) => known === text.toLowerCase());
  if (!policy) throw new Error(`argument(s) must be one of the following: ${POLICY_NAMES}`);
  return policy;
}

/** Checks a value, and returns what makes it the setting. */
type Setter = (value: string, server: ServerState) => () => void;

const ofKeyspace =
  (parse: (value: string) => Partial<ServerState['keyspace']['settings']>): Setter =>
  (value, { keyspace }) => {
    const changed = parse(value);
    return () => Object.assign(keyspace.settings, changed);
  };

const setters: Record<string, Setter> = {
  maxmemory: ofKeyspace((value) => ({ maxMemoryBytes: parseBytes(value) })),
  'maxmemory-policy': ofKeyspace((value) => ({ policy: parsePolicy(value) })),
  'maxmemory-samples': ofKeyspace((value) => ({ samples: parseCount(value, 1) })),
  maxkeys: ofKeyspace((value) => ({ maxKeys: parseCount(value, 0) })),
  // Who is connected stays logged in, as with Redis.
  requirepass: (value, server) => () => {
    server.password = value;
  },
  'notify-keyspace-events': (value, { notifier }) => {
    const before = notifier.flags;
    notifier.flags = value;
    notifier.flags = before;
    return () => {
      notifier.flags = value;
    };
  },
  'lua-time-limit': (value, { scripts }) => {
    const limit = parseCount(value, 0);
    return () => {
      scripts.timeLimitMs = limit;
    };
  },
  appendfsync: (value, { log }) => {
    const policy = fsyncPolicies.find((known) => known === value.toLowerCase());
    if (!policy) throw new Error(`argument(s) must be one of the following: ${fsyncPolicies.join(', ')}`);
    return () => {
      if (log) log.policy = policy;
    };
  },
};

/** All of the pairs, or none. */
export function setConfig(server: ServerState, pairs: readonly string[]): void {
  if (pairs.length % 2 === 1) throw wrongArity('config|set');
  const changes: (() => void)[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const name = (pairs[i] as string).toLowerCase();
    if (!Object.hasOwn(setters, name))
      throw new RespError(`ERR Unknown option or number of arguments for CONFIG SET - '${pairs[i]}'`);
    try {
      changes.push((setters[name] as Setter)(pairs[i + 1] as string, server));
    } catch (error) {
      throw new RespError(
        `ERR CONFIG SET failed (possibly related to argument '${name}') - ${(error as Error).message}`,
      );
    }
  }
  for (const change of changes) change();
  try {
    server.keyspace.makeRoom();
  } catch (error) {
    // What cannot go stays; it is the next write that is refused.
    if (!(error instanceof RespError)) throw error;
  }
}
