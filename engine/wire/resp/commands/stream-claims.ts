import { type Command, type CommandContext, command, ONE_KEY, READ, SHRINK_FAST } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { NULL_ARRAY, type Reply } from '../reply.ts';
import { type Consumer, type Group, type Pending, StreamValue } from '../values/stream.ts';
import { compareIds, formatId, invalidId, MIN_ID, parseId, type StreamId } from '../values/stream-id.ts';
import { parseRangeEnd, readStream, writtenEntry } from './streams.ts';

function groupOf(key: string, name: string, context: CommandContext): { stream: StreamValue; group: Group } {
  const stream = readStream(key, context);
  const group = stream?.groups.get(name);
  if (!stream || !group) throw new RespError(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  return { stream, group };
}

const from = (group: Group, id: StreamId): Pending[] => {
  const start = group.pending.rankOf({ id } as Pending);
  return group.pending.slice(start, group.pending.size - start);
};

const pending: Command['run'] = ([, key = '', name = '', ...words], context) => {
  if (words.length === 0) return summary(groupOf(key, name, context).group);
  let at = 0;
  let idleMs = 0;
  if (words[0]?.toLowerCase() === 'idle') {
    idleMs = parseInteger(words[1] ?? '');
    at = 2;
  }
  const [first, last, countText, consumer, ...more] = words.slice(at);
  if (first === undefined || last === undefined || countText === undefined || more.length > 0) throw syntaxError();
  const count = Math.max(0, parseInteger(countText));
  const [low, high] = [parseRangeEnd(first, 'from'), parseRangeEnd(last, 'to')];
  const { group } = groupOf(key, name, context);
  const nowMs = context.server.keyspace.now();
  return from(group, low)
    .filter(
      (each) =>
        compareIds(each.id, high) <= 0 &&
        (consumer === undefined || each.consumer.name === consumer) &&
        nowMs - each.deliveredAtMs >= idleMs,
    )
    .slice(0, count)
    .map((each) => [formatId(each.id), each.consumer.name, Math.max(0, nowMs - each.deliveredAtMs), each.deliveries]);
};

function summary({ pending: all, consumers }: Group): Reply {
  const [first, last] = [all.at(0), all.at(all.size - 1)];
  if (!first || !last) return [0, null, null, NULL_ARRAY];
  return [
    all.size,
    formatId(first.id),
    formatId(last.id),
    [...consumers.values()]
      .filter((consumer) => consumer.pending > 0)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((consumer) => [consumer.name, String(consumer.pending)]),
  ];
}

interface ClaimOptions {
  deliveredAtMs: number;
  deliveries: number | null;
  force: boolean;
  justId: boolean;
  lastId: StreamId | null;
}

function parseClaim(words: readonly string[], nowMs: number): ClaimOptions {
  const options: ClaimOptions = { deliveredAtMs: nowMs, deliveries: null, force: false, justId: false, lastId: null };
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    const value = words[i + 1];
    if (word === 'force') options.force = true;
    else if (word === 'justid') options.justId = true;
    else if (value === undefined) throw new RespError(`ERR Unrecognized XCLAIM option '${words[i]}'`);
    else {
      i += 1;
      if (word === 'idle') options.deliveredAtMs = nowMs - parseInteger(value);
      else if (word === 'time') options.deliveredAtMs = parseInteger(value);
      else if (word === 'retrycount') options.deliveries = parseInteger(value);
      else if (word === 'lastid') options.lastId = parseId(value);
      else throw new RespError(`ERR Unrecognized XCLAIM option '${word}'`);
    }
  }
  options.deliveredAtMs = options.deliveredAtMs < 0 || options.deliveredAtMs > nowMs ? nowMs : options.deliveredAtMs;
  return options;
}

const isId = (text: string): boolean => {
  try {
    parseId(text);
    return true;
  } catch {
    return false;
  }
};

const claim: Command['run'] = ([, key = '', name = '', consumerName = '', idleText = '', ...words], context) => {
  const { group, stream } = groupOf(key, name, context);
  if (!/^-?\d{1,18}$/.test(idleText)) throw new RespError('ERR Invalid min-idle-time argument for XCLAIM');
  const minIdleMs = Math.max(0, Number(idleText));
  const { keyspace } = context.server;
  // While a log is read, time stands at zero.
  const isLoading = keyspace.now() === 0;
  const nowMs = isLoading ? Number.MAX_SAFE_INTEGER : keyspace.now();
  const ids = words.slice(0, words.findIndex((word) => !isId(word)) >>> 0);
  if (ids.length === 0) throw invalidId();
  const options = parseClaim(words.slice(ids.length), nowMs);
  if (options.lastId && compareIds(options.lastId, group.lastId) > 0) group.lastId = options.lastId;
  const logged: string[][] = [];
  const { consumer } = group.consumer(consumerName, nowMs);
  consumer.seenAtMs = isLoading ? options.deliveredAtMs : nowMs;
  const claimed: Reply[] = [];
  for (const id of ids.map((text) => parseId(text))) {
    const held = group.pendingOf(id);
    const entry = stream.entry(id);
    if (!entry) {
      if (held) {
        group.acknowledge(id);
        logged.push(['XACK', key, name, formatId(id)]);
      }
      continue;
    }
    if (!held && !options.force) continue;
    if (held && nowMs - held.deliveredAtMs < minIdleMs) continue;
    const deliveries = options.deliveries ?? (held?.deliveries ?? 0) + (options.justId ? 0 : 1);
    group.deliver(id, consumer, options.deliveredAtMs, deliveries);
    logged.push(loggedClaim(key, group, consumer, id));
    claimed.push(options.justId ? formatId(id) : writtenEntry(entry));
  }
  commit(key, context, logged);
  return claimed;
};

function commit(key: string, context: CommandContext, logged: string[][]): void {
  const entry = context.database.editAs(key, StreamValue);
  if (!entry || logged.length === 0) return;
  context.logged = logged;
  context.database.changed(entry);
}

function loggedClaim(key: string, group: Group, { name }: Consumer, id: StreamId): string[] {
  const { deliveredAtMs, deliveries } = group.pendingOf(id) as Pending;
  return [
    'XCLAIM',
    key,
    group.name,
    name,
    '0',
    formatId(id),
    'TIME',
    String(deliveredAtMs),
    'RETRYCOUNT',
    String(deliveries),
    'FORCE',
    'JUSTID',
  ];
}

const autoClaim: Command['run'] = (
  [, key = '', name = '', consumerName = '', idleText = '', start = '', ...words],
  context,
) => {
  if (!/^-?\d{1,18}$/.test(idleText)) throw new RespError('ERR Invalid min-idle-time argument for XAUTOCLAIM');
  const minIdleMs = Math.max(0, Number(idleText));
  const first = parseRangeEnd(start, 'from');
  let [count, justId] = [100, false];
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'justid') justId = true;
    else if (word === 'count' && words[i + 1] !== undefined) {
      i += 1;
      count = parseInteger(words[i] as string);
      if (count < 1) throw new RespError('ERR COUNT must be > 0');
    } else throw syntaxError();
  }
  const { group, stream } = groupOf(key, name, context);
  const nowMs = context.server.keyspace.now();
  const { consumer } = group.consumer(consumerName, nowMs);
  consumer.seenAtMs = nowMs;
  const logged: string[][] = [];
  const [claimed, deleted]: [Reply[], string[]] = [[], []];
  // So that one call stays short, it looks at ten times as many as it may claim.
  let attempts = count * 10;
  let next: StreamId = MIN_ID;
  const candidates = group.pending.slice(group.pending.rankOf({ id: first } as Pending), attempts + 1);
  for (const held of candidates) {
    if (claimed.length + deleted.length >= count || attempts === 0) {
      next = held.id;
      break;
    }
    attempts -= 1;
    const entry = stream.entry(held.id);
    if (!entry) {
      group.acknowledge(held.id);
      logged.push(['XACK', key, name, formatId(held.id)]);
      deleted.push(formatId(held.id));
      continue;
    }
    if (nowMs - held.deliveredAtMs < minIdleMs) continue;
    group.deliver(held.id, consumer, nowMs, held.deliveries + (justId ? 0 : 1));
    logged.push(loggedClaim(key, group, consumer, held.id));
    claimed.push(justId ? formatId(held.id) : writtenEntry(entry));
  }
  commit(key, context, logged);
  return [formatId(next), claimed, deleted];
};

export const streamClaimCommands: readonly Command[] = [
  command('xpending', -3, READ, ONE_KEY, pending),
  command('xclaim', -6, SHRINK_FAST, ONE_KEY, claim),
  command('xautoclaim', -6, SHRINK_FAST, ONE_KEY, autoClaim),
];
