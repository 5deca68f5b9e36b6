import type { Pattern, Router } from './router.ts';

/** By the routing key, letter for letter. */
export function directRouter<Binding extends Pattern>(): Router<Binding> {
  const byKey = new Map<string, Set<Binding>>();
  return {
    add(binding) {
      const bindings = byKey.get(binding.key);
      if (bindings) bindings.add(binding);
      else byKey.set(binding.key, new Set([binding]));
    },
    remove(binding) {
      const bindings = byKey.get(binding.key);
      bindings?.delete(binding);
      if (bindings?.size === 0) byKey.delete(binding.key);
    },
    match({ keys }, found) {
      for (const key of keys) byKey.get(key)?.forEach(found);
    },
  };
}
