/** Most elements of a leaf and most children of an inner node. */
const MAX = 64;
/** Neighbours that have no more than this together become one. */
const MERGE = MAX / 2;

/** A leaf has items, an inner node children. `last` is the greatest item below; `size` counts all items below. */
interface Node<Item> {
  items: Item[] | null;
  children: Node<Item>[] | null;
  size: number;
  last: Item;
}

const leafOf = <Item>(items: Item[]): Node<Item> => ({
  items,
  children: null,
  size: items.length,
  last: items[items.length - 1] as Item,
});

const innerOf = <Item>(children: Node<Item>[]): Node<Item> => ({
  items: null,
  children,
  size: children.reduce((sum, { size }) => sum + size, 0),
  last: (children[children.length - 1] as Node<Item>).last,
});

/**
 * Items in order, each with its rank: a B+ tree whose nodes count what is below them. Insertion, removal, rank and the
 * item of a rank take O(log n), a range O(log n + its length).
 */
export class CountedTree<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  #root: Node<Item> | null = null;

  /** No two items may be equal. */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#root?.size ?? 0;
  }

  insert(item: Item): void {
    if (!this.#root) {
      this.#root = leafOf([item]);
      return;
    }
    const right = this.#insert(this.#root, item);
    if (right) this.#root = innerOf([this.#root, right]);
  }

  /** An item that is there, or one that compares as equal to it. */
  remove(item: Item): void {
    if (!this.#root) return;
    this.#remove(this.#root, item);
    if (this.#root.size === 0) this.#root = null;
    else if (this.#root.children?.length === 1) this.#root = this.#root.children[0] as Node<Item>;
  }

  /** How many items come before the given one. */
  rankOf(item: Item): number {
    return this.countWhile((other) => this.#compare(other, item) < 0);
  }

  /** How many items of the beginning satisfy a condition that none satisfies after the first that does not. */
  countWhile(holds: (item: Item) => boolean): number {
    let node = this.#root;
    if (!node || holds(node.last)) return node?.size ?? 0;
    let before = 0;
    while (node.children) {
      const place: number = firstNot(node.children, ({ last }) => holds(last));
      for (let i = 0; i < place; i += 1) before += (node.children[i] as Node<Item>).size;
      node = node.children[place] as Node<Item>;
    }
    return before + firstNot(node.items as Item[], holds);
  }

  at(rank: number): Item | undefined {
    return this.slice(rank, 1)[0];
  }

  /** So many items from a rank on. */
  slice(from: number, count: number): Item[] {
    const taken: Item[] = [];
    if (this.#root && from >= 0 && count > 0) collect(this.#root, from, count, taken);
    return taken;
  }

  #insert(node: Node<Item>, item: Item): Node<Item> | null {
    node.size += 1;
    if (this.#compare(item, node.last) > 0) node.last = item;
    if (node.items) {
      node.items.splice(
        firstNot(node.items, (other) => this.#compare(other, item) < 0),
        0,
        item,
      );
      if (node.items.length <= MAX) return null;
      const right = leafOf(node.items.splice(node.items.length >> 1));
      return halved(node, right, node.items[node.items.length - 1] as Item);
    }
    const children = node.children as Node<Item>[];
    const place = Math.min(
      firstNot(children, ({ last }) => this.#compare(last, item) < 0),
      children.length - 1,
    );
    const split = this.#insert(children[place] as Node<Item>, item);
    if (split) children.splice(place + 1, 0, split);
    if (children.length <= MAX) return null;
    const right = innerOf(children.splice(children.length >> 1));
    return halved(node, right, (children[children.length - 1] as Node<Item>).last);
  }

  #remove(node: Node<Item>, item: Item): boolean {
    const list = (node.items ?? node.children) as (Item | Node<Item>)[];
    const place = node.items
      ? firstNot(node.items, (other) => this.#compare(other, item) < 0)
      : firstNot(node.children as Node<Item>[], ({ last }) => this.#compare(last, item) < 0);
    if (place === list.length) return false;
    if (node.items) {
      if (this.#compare(node.items[place] as Item, item) !== 0) return false;
      node.items.splice(place, 1);
    } else {
      const children = node.children as Node<Item>[];
      if (!this.#remove(children[place] as Node<Item>, item)) return false;
      tidy(children, place);
    }
    node.size -= 1;
    if (list.length > 0)
      node.last = node.items
        ? (node.items[node.items.length - 1] as Item)
        : ((node.children as Node<Item>[])[list.length - 1] as Node<Item>).last;
    return true;
  }
}

function halved<Item>(left: Node<Item>, right: Node<Item>, last: Item): Node<Item> {
  left.size -= right.size;
  left.last = last;
  return right;
}

/** Drops a child that is empty, and joins one that became small with its neighbour. */
function tidy<Item>(children: Node<Item>[], place: number): void {
  const child = children[place] as Node<Item>;
  if (child.size === 0) {
    children.splice(place, 1);
    return;
  }
  const left = Math.min(place, children.length - 2);
  const [a, b] = [children[left], children[left + 1]];
  if (!a || !b || (a.items ?? a.children ?? []).length + (b.items ?? b.children ?? []).length > MERGE) return;
  children.splice(
    left,
    2,
    a.items ? leafOf([...a.items, ...(b.items as Item[])]) : innerOf([...(a.children ?? []), ...(b.children ?? [])]),
  );
}

function collect<Item>(node: Node<Item>, from: number, count: number, into: Item[]): void {
  if (node.items) {
    const to = Math.min(node.items.length, from + count);
    for (let i = from; i < to; i += 1) into.push(node.items[i] as Item);
    return;
  }
  let skip = from;
  const wanted = into.length + count;
  for (const child of node.children as Node<Item>[]) {
    if (skip >= child.size) skip -= child.size;
    else {
      collect(child, skip, wanted - into.length, into);
      skip = 0;
      if (into.length >= wanted) return;
    }
  }
}

/** The place of the first element that does not satisfy a condition which all those before it do. */
function firstNot<Element>(list: readonly Element[], holds: (element: Element) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle] as Element)) low = middle + 1;
    else high = middle;
  }
  return low;
}
