import { CountedTree } from './counted-tree.ts';
import { compareIds, type StreamId } from './stream-id.ts';

/** Redis' `stream-node-max-entries` and `stream-node-max-bytes`. */
export const NODE_ENTRIES = 100;
export const NODE_BYTES = 4096;

/** What Redis would keep in one listpack. */
interface StreamNode {
  /** The ids of the entries it began with and took last, deleted or not. */
  readonly first: StreamId;
  last: StreamId;
  /** Entries that are there, and all it ever took. */
  live: number;
  taken: number;
  /** The length of its listpack. */
  bytes: number;
  /** The names of the fields of its first entry; entries with the same ones are stored without. */
  readonly names: readonly string[];
}

/**
 * Where the nodes of a stream end in Redis. Approximate trimming (`~`) drops whole ones, so how many entries it leaves depends on
 * them. Entries are not kept in them here; they are only counted, with the length that each has in a listpack.
 */
export class StreamNodes {
  readonly #nodes = new CountedTree<StreamNode>((a, b) => compareIds(a.first, b.first));
  #tail: StreamNode | undefined;

  get count(): number {
    return this.#nodes.size;
  }

  append(id: StreamId, fields: readonly string[]): void {
    const node = this.#tail;
    if (node && node.taken < NODE_ENTRIES && node.bytes + lengthOf(fields) < NODE_BYTES) {
      node.bytes += entryBytes(node, id, fields);
      node.last = id;
      node.live += 1;
      node.taken += 1;
      return;
    }
    const names = fields.filter((_, place) => place % 2 === 0);
    const begun = { first: id, last: id, live: 1, taken: 1, bytes: headBytes(names), names };
    begun.bytes += entryBytes(begun, id, fields);
    this.#nodes.insert(begun);
    this.#tail = begun;
  }

  /** An entry that was there has been deleted. */
  delete(id: StreamId): void {
    const node = this.#nodes.at(this.#nodes.countWhile(({ first }) => compareIds(first, id) <= 0) - 1) as StreamNode;
    node.live -= 1;
    if (node.live === 0) this.#remove(node);
  }

  /** So many entries have been dropped from the beginning. */
  dropFirst(count: number): void {
    for (let left = count; left > 0; ) {
      const node = this.#nodes.at(0) as StreamNode;
      if (node.live > left) {
        node.live -= left;
        return;
      }
      left -= node.live;
      this.#remove(node);
    }
  }

  /**
   * How many entries the nodes at the beginning have that may go as a whole: `mayGo` is asked for each with the number of entries up
   * to its end, and no more than `limit` entries go.
   */
  wholeUpTo(limit: number, mayGo: (upToHere: number, last: StreamId) => boolean): number {
    let dropped = 0;
    for (let place = 0; ; place += 1) {
      const node = this.#nodes.at(place);
      if (!node || dropped + node.live > limit || !mayGo(dropped + node.live, node.last)) return dropped;
      dropped += node.live;
    }
  }

  #remove(node: StreamNode): void {
    this.#nodes.remove(node);
    if (node === this.#tail) this.#tail = this.#nodes.at(this.#nodes.size - 1);
  }
}

function lengthOf(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

/** Its header and end, how many entries it has and had, the names of the fields, and a zero. */
function headBytes(names: readonly string[]): number {
  const HEADER_AND_END = 7;
  return (
    HEADER_AND_END +
    integerBytes(1) +
    integerBytes(0) +
    integerBytes(names.length) +
    namesBytes(names) +
    integerBytes(0)
  );
}

/** Flags, what the id is beyond the node's first, the fields, and how many elements that was. */
function entryBytes({ first, names }: StreamNode, id: StreamId, fields: readonly string[]): number {
  const count = fields.length / 2;
  let bytes = integerBytes(0) + integerBytes(id.ms - first.ms) + integerBytes(id.seq - first.seq);
  for (let place = 1; place < fields.length; place += 2) bytes += textBytes(fields[place] as string);
  if (hasNames(fields, names)) return bytes + integerBytes(count + 3);
  for (let place = 0; place < fields.length; place += 2) bytes += textBytes(fields[place] as string);
  return bytes + integerBytes(count) + integerBytes(2 * count + 4);
}

function hasNames(fields: readonly string[], names: readonly string[]): boolean {
  if (fields.length !== names.length * 2) return false;
  for (let place = 0; place < names.length; place += 1) if (fields[place * 2] !== names[place]) return false;
  return true;
}

const namesBytes = (names: readonly string[]): number => names.reduce((sum, name) => sum + textBytes(name), 0);

/** An integer in a listpack, with the byte that leads back over it. */
function integerBytes(value: number): number {
  if (value >= 0 && value < 128) return 2;
  if (value >= -4096 && value < 4096) return 3;
  if (value >= -32_768 && value < 32_768) return 4;
  if (value >= -8_388_608 && value < 8_388_608) return 5;
  return value >= -2_147_483_648 && value < 2_147_483_648 ? 6 : 10;
}

/** A string in a listpack, with the bytes that lead back over it; one that is a number of 64 bits is stored as such. */
function textBytes(text: string): number {
  if (isInteger(text)) return integerBytes(Number(text));
  const bytes = text.length + (text.length < 64 ? 1 : text.length < 4096 ? 2 : 5);
  if (bytes < 128) return bytes + 1;
  if (bytes < 16_383) return bytes + 2;
  return bytes + (bytes < 2_097_151 ? 3 : bytes < 268_435_455 ? 4 : 5);
}

function isInteger(text: string): boolean {
  if (
    text.length > 20 ||
    text.charCodeAt(0) > 57 ||
    text.charCodeAt(text.length - 1) > 57 ||
    !/^(?:0|-?[1-9]\d{0,18})$/.test(text)
  )
    return false;
  return text.length < 19 || BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}
