import type { Pattern, Router } from './router.ts';

/** The patterns that begin with the same words. */
interface Node<Binding> {
  readonly word: string;
  readonly parent: Node<Binding> | null;
  readonly next: Map<string, Node<Binding>>;
  readonly bindings: Set<Binding>;
}

const newNode = <Binding>(word: string, parent: Node<Binding> | null): Node<Binding> => ({
  word,
  parent,
  next: new Map(),
  bindings: new Set(),
});

const wordsOf = (key: string): string[] => (key === '' ? [] : key.split('.'));

/**
 * By words that dots separate: `*` is any one word, `#` any number of them. All patterns are followed at the same time,
 * word by word, so that no pattern and no key takes longer than the product of their lengths.
 */
export function topicRouter<Binding extends Pattern>(): Router<Binding> {
  const root = newNode<Binding>('', null);

  /** The node, and those that are reached without a word. */
  const reach = (node: Node<Binding>, into: Set<Node<Binding>>): void => {
    for (let each: Node<Binding> | undefined = node; each && !into.has(each); each = each.next.get('#')) into.add(each);
  };

  return {
    add(binding) {
      let node = root;
      for (const word of wordsOf(binding.key)) {
        let next = node.next.get(word);
        if (!next) {
          next = newNode(word, node);
          node.next.set(word, next);
        }
        node = next;
      }
      node.bindings.add(binding);
    },
    remove(binding) {
      let node: Node<Binding> | undefined = root;
      for (const word of wordsOf(binding.key)) node = node?.next.get(word);
      node?.bindings.delete(binding);
      while (node?.parent && node.bindings.size === 0 && node.next.size === 0) {
        node.parent.next.delete(node.word);
        node = node.parent;
      }
    },
    match({ keys }, found) {
      for (const key of keys) {
        let reached = new Set<Node<Binding>>();
        reach(root, reached);
        for (const word of wordsOf(key)) {
          const further = new Set<Node<Binding>>();
          for (const node of reached) {
            if (node.word === '#') reach(node, further);
            const same = node.next.get(word);
            if (same) reach(same, further);
            const any = node.next.get('*');
            if (any) reach(any, further);
          }
          reached = further;
        }
        for (const node of reached) node.bindings.forEach(found);
      }
    },
  };
}
