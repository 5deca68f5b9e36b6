import type { ServerState } from '../command.ts';
import { RespError, wrongArity } from '../errors.ts';
import { type EvictionPolicy, evictionPolicies } from '../eviction.ts';
import { DATABASES } from '../keyspace.ts';

/** What CONFIG GET tells. Nothing is written to disk, and it says so. */
export const configOf = ({
  keyspace: { settings },
  password,
  port,
  maxStringBytes,
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
    ['appendonly', 'no'],
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

function parsePolicy(text: string): EvictionPolicy {
  const policy = evictionPolicies.find((known) => known === text.toLowerCase());
  if (!policy) throw new Error(`argument(s) must be one of the following: ${evictionPolicies.join(', ')}`);
  return policy;
}

type Settings = ServerState['keyspace']['settings'];

const setters: Record<string, (value: string) => Partial<Settings>> = {
  maxmemory: (value) => ({ maxMemoryBytes: parseBytes(value) }),
  'maxmemory-policy': (value) => ({ policy: parsePolicy(value) }),
  'maxmemory-samples': (value) => ({ samples: parseCount(value, 1) }),
  maxkeys: (value) => ({ maxKeys: parseCount(value, 0) }),
};

/** All of the pairs, or none. */
export function setConfig({ keyspace }: ServerState, pairs: readonly string[]): void {
  if (pairs.length % 2 === 1) throw wrongArity('config|set');
  const changed: Partial<Settings> = {};
  for (let i = 0; i < pairs.length; i += 2) {
    const name = (pairs[i] as string).toLowerCase();
    if (!Object.hasOwn(setters, name))
      throw new RespError(`ERR Unknown option or number of arguments for CONFIG SET - '${pairs[i]}'`);
    try {
      Object.assign(changed, setters[name]?.(pairs[i + 1] as string));
    } catch (error) {
      throw new RespError(
        `ERR CONFIG SET failed (possibly related to argument '${name}') - ${(error as Error).message}`,
      );
    }
  }
  Object.assign(keyspace.settings, changed);
  try {
    keyspace.makeRoom();
  } catch (error) {
    // What cannot go stays; it is the next write that is refused.
    if (!(error instanceof RespError)) throw error;
  }
}
