import type { PeekedMessage, PeekedPage, PeekOf } from '../../model/peek.ts';
import { headerText, ownOf, payloadOf, traceIdOf, unsaid } from '../../process-kit/messages/peeked.ts';
import type { KafkaRecord } from '../../wire/kafka/records/record.ts';
import type { ClusterLink } from './cluster-link.ts';
import { committedOf, type PartitionRange, rangesOf, recordsFrom } from './offsets.ts';

const FETCH_BYTES = 1024 * 1024;

/** Records of one partition in the order that is asked for, and whether there are more behind them. */
interface Ahead {
  range: PartitionRange;
  records: KafkaRecord[];
  /** Where it goes on when none of them is taken. */
  position: number;
  /** Where it goes on when all of them are. */
  after: number;
}

/** Fetches records of a topic without a group, so that nobody's position changes. Of several partitions the next by time comes first. */
export async function peekTopic(link: ClusterLink, { destination, order, cursor, limit }: PeekOf): Promise<PeekedPage> {
  const { brokers, partitions } = await link.look([destination]);
  const ranges = await rangesOf(link, partitions);
  const committed = await committedOf(link, brokers);
  const positions = new Map((JSON.parse(cursor ?? '[]') as [number, number][]).map(([at, offset]) => [at, offset]));
  const isOldestFirst = order === 'oldest';
  const ahead: Ahead[] = [];
  for (const range of ranges) {
    const known = positions.get(range.partition);
    const position = Math.min(range.end, Math.max(range.start, known ?? (isOldestFirst ? range.start : range.end)));
    const read = isOldestFirst
      ? await onwards(link, range, position, limit)
      : await backwards(link, range, position, limit);
    ahead.push({ range, position, ...read });
  }

  const groups = [...committed.values()].filter((offsets) =>
    ranges.some(({ partition }) => offsets.has(`${destination} ${partition}`)),
  );
  const isRead = (partition: number, offset: number): boolean =>
    groups.length > 0 && groups.every((offsets) => offset < (offsets.get(`${destination} ${partition}`) ?? 0));

  const messages: PeekedMessage[] = [];
  while (messages.length < limit) {
    const waiting = ahead.filter(({ records }) => records.length > 0);
    const [next] = waiting.sort(({ records: [a] }, { records: [b] }) => {
      const byTime = (a?.timestamp ?? 0) - (b?.timestamp ?? 0);
      return isOldestFirst ? byTime : -byTime;
    });
    const record = next?.records.shift();
    if (!next || !record) break;
    next.position = next.records.length === 0 ? next.after : isOldestFirst ? record.offset + 1 : record.offset;
    messages.push(messageOf(record, next.range.partition, isRead(next.range.partition, record.offset)));
  }
  for (const one of ahead) if (one.records.length === 0) one.position = one.after;
  const hasMore = ahead.some(({ range, position }) => (isOldestFirst ? position < range.end : position > range.start));
  return {
    messages,
    next: hasMore ? JSON.stringify(ahead.map(({ range, position }) => [range.partition, position])) : null,
    ...{ states: [], unseen: null },
  };
}

/** At most `limit` records from there on. */
async function onwards(link: ClusterLink, range: PartitionRange, from: number, limit: number) {
  const records: KafkaRecord[] = [];
  let next = from;
  while (records.length < limit && next < range.end) {
    const read = await recordsFrom(link, range, next, FETCH_BYTES);
    records.push(...read.records.filter(({ offset }) => offset < range.end));
    if (read.nextOffset <= next) break;
    next = read.nextOffset;
  }
  if (records.length <= limit) return { records, after: Math.min(range.end, Math.max(next, from)) };
  const kept = records.slice(0, limit);
  return { records: kept, after: (kept.at(-1) as KafkaRecord).offset + 1 };
}

/** At most `limit` records before there, the last first. Offsets may have gaps, so it may have to look further back. */
async function backwards(link: ClusterLink, range: PartitionRange, before: number, limit: number) {
  for (let span = limit; ; span *= 4) {
    const from = Math.max(range.start, before - span);
    const records: KafkaRecord[] = [];
    let next = from;
    while (next < before) {
      const read = await recordsFrom(link, range, next, FETCH_BYTES);
      records.push(...read.records.filter(({ offset }) => offset < before));
      if (read.nextOffset <= next) break;
      next = read.nextOffset;
    }
    if (records.length < limit && from > range.start) continue;
    const kept = records.slice(-limit).reverse();
    return { records: kept, after: records.length > limit ? (kept.at(-1) as KafkaRecord).offset : from };
  }
}

function messageOf(record: KafkaRecord, partition: number, isRead: boolean): PeekedMessage {
  const { offset, timestamp, key, value, headers } = record;
  const payload = value ?? Buffer.alloc(0);
  const own = ownOf(payload);
  const texts = Object.fromEntries(headers.map(([name, text]) => [name, headerText(text?.toString() ?? '')]));
  return {
    ...unsaid,
    ...{ id: texts['message-id'] ?? own.id, place: `${partition}/${offset}`, partition, offset: String(offset) },
    key: key?.toString() ?? null,
    state: isRead ? 'read' : 'waiting',
    publishedAtMs: timestamp,
    contentType: texts['content-type'] ?? null,
    traceId: traceIdOf(texts.traceparent) ?? own.traceId,
    headers: texts,
    payload: payloadOf(payload),
  };
}
