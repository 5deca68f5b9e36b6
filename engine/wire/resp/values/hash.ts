import { ShardedMap } from './sharded-map.ts';

/** What a field costs in V8 besides its bytes. */
const FIELD_BYTES = 80;
/** So many fields are looked through one by one, which costs less time and memory than a `Map` of them. */
const FEW = 16;

/** Fields with their texts, in order of insertion as long as they are few: then one after the other, as in Redis' listpack. */
export class HashValue {
  readonly type = 'hash';
  bytes = 0;
  /** Names and texts in turns; empty when they are many. */
  #few: string[] = [];
  #many: ShardedMap<string> | null = null;

  get size(): number {
    return this.#many === null ? this.#few.length / 2 : this.#many.size;
  }

  get(field: string): string | undefined {
    if (this.#many !== null) return this.#many.get(field);
    const place = this.#placeOf(field);
    return place === -1 ? undefined : this.#few[place + 1];
  }

  /** Whether the field is new. */
  set(field: string, text: string): boolean {
    const old = this.#put(field, text);
    this.bytes += old === undefined ? FIELD_BYTES + field.length + text.length : text.length - old.length;
    return old === undefined;
  }

  delete(field: string): boolean {
    const old = this.get(field);
    if (old === undefined) return false;
    if (this.#many !== null) this.#many.delete(field);
    else this.#few.splice(this.#placeOf(field), 2);
    this.bytes -= FIELD_BYTES + field.length + old.length;
    return true;
  }

  /** Names and texts in turns. */
  flat(): string[] {
    return this.#many === null ? this.#few.slice() : [...this.#many.entries()].flat();
  }

  *entries(): IterableIterator<[string, string]> {
    if (this.#many !== null) yield* this.#many.entries();
    else for (let i = 0; i < this.#few.length; i += 2) yield [this.#few[i] as string, this.#few[i + 1] as string];
  }

  /** Returns what was there before. */
  #put(field: string, text: string): string | undefined {
    if (this.#many === null) {
      const place = this.#placeOf(field);
      if (place !== -1) {
        const old = this.#few[place + 1];
        this.#few[place + 1] = text;
        return old;
      }
      if (this.#few.length < 2 * FEW) {
        this.#few.push(field, text);
        return undefined;
      }
      this.#spread();
    }
    const many = this.#many as unknown as ShardedMap<string>;
    const old = many.get(field);
    many.set(field, text);
    return old;
  }

  #placeOf(field: string): number {
    const few = this.#few;
    for (let place = 0; place < few.length; place += 2) if (few[place] === field) return place;
    return -1;
  }

  #spread(): void {
    const many = new ShardedMap<string>();
    for (const [field, text] of this.entries()) many.set(field, text);
    this.#few = [];
    this.#many = many;
  }
}
