import { RespError } from '../errors.ts';
import { LuaTable, type LuaValue, tableOf } from '../lua/table.ts';
import { formatDouble, formatG } from '../numbers.ts';
import { Double, Members, NullArray, OK, type ProtocolVersion, type Reply, Status, Verbatim } from '../reply.ts';

/** Deeper replies a script cannot give. */
const MAX_DEPTH = 1000;

/** What `redis.call` gives to a script. An error is a table with `err`. */
export function toLua(reply: Reply, protocol: ProtocolVersion): LuaValue {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  if (reply === null || reply instanceof NullArray) return protocol === 3 ? undefined : false;
  if (reply === OK) return statusOf(reply.text);
  if (Array.isArray(reply)) return arrayOf(reply, protocol);
  if (typeof reply === 'boolean') return protocol === 3 ? reply : reply ? 1 : 0;
  if (typeof reply === 'bigint') return Number(reply);
  if (reply instanceof RespError) return tableOf({ err: reply.message });
  if (reply instanceof Verbatim)
    return protocol === 3 ? tableOf({ verbatim_string: tableOf({ format: 'txt', string: reply.text }) }) : reply.text;
  if (reply instanceof Status) return statusOf(reply.text);
  if (reply instanceof Double) return protocol === 3 ? tableOf({ double: reply.value }) : formatDouble(reply.value);
  if (reply instanceof Members) {
    if (protocol === 2) return arrayOf(reply.elements, protocol);
    const set = new LuaTable();
    for (const each of reply.elements) set.set(toLua(each, protocol), true);
    return tableOf({ set });
  }
  if (reply instanceof Map) {
    const pairs = [...(reply as ReadonlyMap<string, Reply>)];
    if (protocol === 2) return new LuaTable(pairs.flatMap(([key, value]) => [key, toLua(value, protocol)]));
    const map = new LuaTable();
    for (const [key, value] of pairs) map.set(key, toLua(value, protocol));
    return tableOf({ map });
  }
  return undefined;
}

function statusOf(text: string): LuaTable {
  const status = new LuaTable();
  status.set('ok', text);
  return status;
}

function arrayOf(replies: readonly Reply[], protocol: ProtocolVersion): LuaTable {
  const values: LuaValue[] = [];
  for (let i = 0; i < replies.length; i += 1) {
    const reply = replies[i];
    values.push(typeof reply === 'string' ? reply : toLua(reply, protocol));
  }
  return new LuaTable(values);
}

/** What a script has returned, as a reply. Numbers are cut off; an array ends before its first nil. */
export function toReply(value: LuaValue, depth = 0): Reply {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return toInteger(value);
  if (typeof value === 'boolean') return value ? 1 : null;
  if (!(value instanceof LuaTable)) return null;
  if (depth > MAX_DEPTH) throw new RespError('ERR reached lua stack limit');
  const err = value.get('err');
  if (typeof err === 'string') return new RespError(err);
  const ok = value.get('ok');
  if (typeof ok === 'string') return new Status(ok);
  const double = value.get('double');
  if (typeof double === 'number') return new Double(double);
  const map = value.get('map');
  if (map instanceof LuaTable) return mapReply(map, depth);
  const set = value.get('set');
  if (set instanceof LuaTable) return new Members(keysOf(set).map((key) => toReply(key, depth + 1)));
  const elements: Reply[] = [];
  for (let place = 1; ; place += 1) {
    const element = value.get(place);
    if (element === undefined) return elements;
    elements.push(toReply(element, depth + 1));
  }
}

function mapReply(map: LuaTable, depth: number): Reply {
  const pairs = new Map<Reply, Reply>();
  for (let pair = map.next(undefined); pair; pair = map.next(pair[0]))
    pairs.set(toReply(pair[0], depth + 1), toReply(pair[1], depth + 1));
  return pairs;
}

function keysOf(table: LuaTable): LuaValue[] {
  const keys: LuaValue[] = [];
  for (let pair = table.next(undefined); pair; pair = table.next(pair[0])) keys.push(pair[0]);
  return keys;
}

/** As C turns a double into a 64-bit integer on x86: what does not fit becomes the smallest. */
function toInteger(value: number): number | bigint {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole === 0 ? 0 : whole;
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
}

/** An argument of `redis.call`: a string, or a number with 17 digits. */
export function toArgument(value: LuaValue): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return null;
  return Number.isSafeInteger(value) ? String(value) : formatG(value, 17);
}
