import { type FieldTable, sameValue } from '../protocol/field-table.ts';
import type { Binding, Exchange } from './exchange.ts';
import type { Queue } from './queue.ts';

type End = Exchange | Queue;

/** All bindings of a virtual host, by both of their ends. */
export class Bindings {
  readonly #outgoing = new Map<Exchange, Set<Binding>>();
  readonly #incoming = new Map<End, Set<Binding>>();

  from(source: Exchange): readonly Binding[] {
    return [...(this.#outgoing.get(source) ?? [])];
  }

  to(destination: End): readonly Binding[] {
    return [...(this.#incoming.get(destination) ?? [])];
  }

  hasAnyFrom(source: Exchange): boolean {
    return this.#outgoing.has(source);
  }

  find(source: Exchange, destination: End, key: string, args: FieldTable): Binding | undefined {
    const outgoing = this.#outgoing.get(source);
    const incoming = this.#incoming.get(destination);
    if (!outgoing || !incoming) return undefined;
    const [fewer, other] = outgoing.size < incoming.size ? [outgoing, incoming] : [incoming, outgoing];
    for (const binding of fewer)
      if (other.has(binding) && binding.key === key && sameArguments(binding.args, args)) return binding;
    return undefined;
  }

  add(binding: Binding): void {
    binding.source.router.add(binding);
    include(this.#outgoing, binding.source, binding);
    include(this.#incoming, binding.destination, binding);
  }

  remove(binding: Binding): void {
    binding.source.router.remove(binding);
    exclude(this.#outgoing, binding.source, binding);
    exclude(this.#incoming, binding.destination, binding);
  }
}

const include = <Key>(sets: Map<Key, Set<Binding>>, key: Key, binding: Binding): void => {
  const set = sets.get(key);
  if (set) set.add(binding);
  else sets.set(key, new Set([binding]));
};

const exclude = <Key>(sets: Map<Key, Set<Binding>>, key: Key, binding: Binding): void => {
  const set = sets.get(key);
  set?.delete(binding);
  if (set?.size === 0) sets.delete(key);
};

const sameArguments = (a: FieldTable, b: FieldTable): boolean =>
  a.length === b.length &&
  a.every(([name, value], i) => {
    const [otherName, other] = b[i] as FieldTable[number];
    return name === otherName && value.type === other.type && sameValue(value, other);
  });
