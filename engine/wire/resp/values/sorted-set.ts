import { CountedTree } from './counted-tree.ts';
import { ShardedMap } from './sharded-map.ts';

const MEMBER_BYTES = 130;

export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** By score, then by bytes. Infinite scores have no difference that could be subtracted. */
const compare = (a: Scored, b: Scored): number =>
  a.score === b.score ? (a.member < b.member ? -1 : a.member > b.member ? 1 : 0) : a.score < b.score ? -1 : 1;

export class SortedSetValue {
  readonly type = 'zset';
  bytes = 0;
  readonly #members = new ShardedMap<Scored>();
  readonly inOrder = new CountedTree<Scored>(compare);

  get size(): number {
    return this.inOrder.size;
  }

  score(member: string): number | undefined {
    return this.#members.get(member)?.score;
  }

  set(member: string, score: number): void {
    const old = this.#members.get(member);
    if (old?.score === score) return;
    if (old) this.inOrder.remove(old);
    else this.bytes += MEMBER_BYTES + member.length;
    const scored = { member, score };
    this.#members.set(member, scored);
    this.inOrder.insert(scored);
  }

  delete(member: string): boolean {
    const old = this.#members.get(member);
    if (!old) return false;
    this.#members.delete(member);
    this.inOrder.remove(old);
    this.bytes -= MEMBER_BYTES + member.length;
    return true;
  }

  rank(member: string): number | undefined {
    const scored = this.#members.get(member);
    return scored && this.inOrder.rankOf(scored);
  }

  /** In order of score, then of bytes. */
  toArray(): Scored[] {
    return this.inOrder.slice(0, this.size);
  }
}
