import { CountedTree } from './counted-tree.ts';
import { compareIds, MIN_ID, nextId, type StreamId } from './stream-id.ts';
import { StreamNodes } from './stream-nodes.ts';

const ENTRY_BYTES = 120;

/** With its id in itself: streams hold many, and each object that lives on costs the collector of garbage. */
export interface StreamEntry extends StreamId {
  /** Names and values in turns. */
  readonly fields: readonly string[];
}

/** An entry that was given to a consumer and is not acknowledged. */
export interface Pending {
  readonly id: StreamId;
  consumer: Consumer;
  deliveredAtMs: number;
  deliveries: number;
}

export interface Consumer {
  readonly name: string;
  seenAtMs: number;
  pending: number;
}

export class Group {
  readonly name: string;
  lastId: StreamId;
  /** Null: not known. */
  entriesRead: number | null;
  readonly pending = new CountedTree<Pending>((a, b) => compareIds(a.id, b.id));
  readonly consumers = new Map<string, Consumer>();

  constructor(name: string, lastId: StreamId, entriesRead: number | null) {
    this.name = name;
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  consumer(name: string, nowMs: number): { consumer: Consumer; isNew: boolean } {
    const known = this.consumers.get(name);
    if (known) return { consumer: known, isNew: false };
    const consumer = { name, seenAtMs: nowMs, pending: 0 };
    this.consumers.set(name, consumer);
    return { consumer, isNew: true };
  }

  pendingOf(id: StreamId): Pending | undefined {
    const found = this.pending.at(this.pending.rankOf({ id } as Pending));
    return found && compareIds(found.id, id) === 0 ? found : undefined;
  }

  deliver(id: StreamId, consumer: Consumer, deliveredAtMs: number, deliveries: number): void {
    this.acknowledge(id);
    this.pending.insert({ id, consumer, deliveredAtMs, deliveries });
    consumer.pending += 1;
  }

  acknowledge(id: StreamId): boolean {
    const pending = this.pendingOf(id);
    if (!pending) return false;
    this.pending.remove(pending);
    pending.consumer.pending -= 1;
    return true;
  }
}

export class StreamValue {
  readonly type = 'stream';
  bytes = 0;
  readonly entries = new CountedTree<StreamEntry>(compareIds);
  readonly nodes = new StreamNodes();
  lastId: StreamId = MIN_ID;
  maxDeletedId: StreamId = MIN_ID;
  entriesAdded = 0;
  readonly groups = new Map<string, Group>();

  get size(): number {
    return this.entries.size;
  }

  add(id: StreamId, fields: readonly string[]): void {
    this.entries.insert({ ms: id.ms, seq: id.seq, fields });
    this.nodes.append(id, fields);
    this.lastId = id;
    this.entriesAdded += 1;
    this.bytes += bytesOf(fields);
  }

  entry(id: StreamId): StreamEntry | undefined {
    const found = this.entries.at(this.rankOf(id));
    return found && compareIds(found, id) === 0 ? found : undefined;
  }

  delete(id: StreamId): boolean {
    const entry = this.entry(id);
    if (!entry) return false;
    this.#remove(entry);
    this.nodes.delete(id);
    if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    return true;
  }

  /** Removes so many from its beginning. */
  dropFirst(count: number): number {
    const dropped = this.entries.slice(0, count);
    for (const entry of dropped) this.#remove(entry);
    this.nodes.dropFirst(dropped.length);
    return dropped.length;
  }

  /** Between two places, both with them, and at most so many; `reverse`: from the end. */
  range(from: StreamId, to: StreamId, count: number, reverse = false): StreamEntry[] {
    const start = this.rankOf(from);
    const end = this.rankOf(nextId(to));
    if (!reverse) return this.entries.slice(start, Math.min(count, end - start));
    const first = Math.max(start, end - count);
    return this.entries.slice(first, end - first).reverse();
  }

  /** How many entries come before an id. */
  rankOf(id: StreamId): number {
    return this.entries.countWhile((entry) => compareIds(entry, id) < 0);
  }

  first(): StreamEntry | undefined {
    return this.entries.at(0);
  }

  last(): StreamEntry | undefined {
    return this.entries.at(this.entries.size - 1);
  }

  #remove(entry: StreamEntry): void {
    this.entries.remove(entry);
    this.bytes -= bytesOf(entry.fields);
  }
}

function bytesOf(fields: readonly string[]): number {
  let bytes = ENTRY_BYTES;
  for (const { length } of fields) bytes += 16 + length;
  return bytes;
}
