import type { FaultTarget, Selector } from './fault.ts';

/** Where a fault acts, short enough for a journal: `orders#0`, `orders-db`, `zone-a (50 %)`. */
export function targetName(target: FaultTarget): string {
  if ('edge' in target) return target.edge;
  if ('node' in target && target.select === undefined) return `${target.node}#${target.replica}`;
  const place =
    'edges' in target
      ? target.edges.join('+')
      : 'group' in target
        ? target.group
        : 'topology' in target
          ? 'everything'
          : target.node;
  return target.select === undefined ? place : `${place} (${selectorName(target.select)})`;
}

const selectorName = (select: Selector): string =>
  typeof select === 'string' ? select : 'fixed' in select ? `${select.fixed}` : `${select.percent} %`;
