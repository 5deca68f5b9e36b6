import { NONE, Slots } from '../slots.ts';
import { ShardedMap } from './sharded-map.ts';

const MEMBER_BYTES = 110;

interface Member {
  text: string;
  slot: number;
}

/** A set that can also be sampled evenly. */
export class SetValue {
  readonly type = 'set';
  bytes = 0;
  readonly #members = new ShardedMap<Member>();
  readonly #places = new Slots<'slot', Member>('slot');

  get size(): number {
    return this.#places.size;
  }

  has(text: string): boolean {
    return this.#members.has(text);
  }

  add(text: string): boolean {
    if (this.#members.has(text)) return false;
    const member = { text, slot: NONE };
    this.#members.set(text, member);
    this.#places.add(member);
    this.bytes += MEMBER_BYTES + text.length;
    return true;
  }

  delete(text: string): boolean {
    const member = this.#members.get(text);
    if (!member) return false;
    this.#members.delete(text);
    this.#places.remove(member);
    this.bytes -= MEMBER_BYTES + text.length;
    return true;
  }

  sample(random: () => number): string | undefined {
    return this.#places.sample(random)?.text;
  }

  values(): IterableIterator<string> {
    return this.#members.keys();
  }
}
