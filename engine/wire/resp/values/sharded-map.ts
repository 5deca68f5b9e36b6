/** Beyond so many entries a `Map` of V8 takes tens of milliseconds for its next growth. */
const ONE_MAP = 32_768;
const SHARDS = 64;

const shardOf = (key: string): number => {
  const { length } = key;
  let hash = length;
  for (let at = Math.max(0, length - 6); at < length; at += 1) hash = Math.imul(hash, 31) + key.charCodeAt(at);
  return (hash ^ (hash >>> 6) ^ (hash >>> 12)) & (SHARDS - 1);
};

/**
 * A map of strings that may hold millions without a pause: when it is large, its entries are spread over many maps, each
 * of which grows for itself. In order of insertion as long as it is small.
 */
export class ShardedMap<Value> {
  #maps: Map<string, Value>[] = [new Map()];

  get size(): number {
    if (this.#maps.length === 1) return (this.#maps[0] as Map<string, Value>).size;
    let size = 0;
    for (const map of this.#maps) size += map.size;
    return size;
  }

  #mapOf(key: string): Map<string, Value> {
    return this.#maps[this.#maps.length === 1 ? 0 : shardOf(key)] as Map<string, Value>;
  }

  get(key: string): Value | undefined {
    return this.#mapOf(key).get(key);
  }

  has(key: string): boolean {
    return this.#mapOf(key).has(key);
  }

  set(key: string, value: Value): void {
    this.#mapOf(key).set(key, value);
    if (this.#maps.length === 1 && (this.#maps[0] as Map<string, Value>).size > ONE_MAP) this.#spread();
  }

  delete(key: string): boolean {
    return this.#mapOf(key).delete(key);
  }

  *keys(): IterableIterator<string> {
    for (const map of this.#maps) yield* map.keys();
  }

  *values(): IterableIterator<Value> {
    for (const map of this.#maps) yield* map.values();
  }

  *entries(): IterableIterator<[string, Value]> {
    for (const map of this.#maps) yield* map.entries();
  }

  #spread(): void {
    const [all] = this.#maps as [Map<string, Value>];
    this.#maps = Array.from({ length: SHARDS }, () => new Map());
    for (const [key, value] of all) this.#mapOf(key).set(key, value);
  }
}
