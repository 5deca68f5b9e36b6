import type { Pattern, Router } from './router.ts';

/** To all. */
export function fanoutRouter<Binding extends Pattern>(): Router<Binding> {
  const all = new Set<Binding>();
  return {
    add: (binding) => {
      all.add(binding);
    },
    remove: (binding) => {
      all.delete(binding);
    },
    match: (_, found) => all.forEach(found),
  };
}
