import type { ArchipelDocument, ArchipelEdge } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';
import type { BundleEdge } from './BundleLine.tsx';
import type { FlowEdge } from './EdgeLine.tsx';
import { hiddenBy } from './flow-nodes.ts';

export type CanvasEdge = FlowEdge | BundleEdge;

type Parts = Pick<ArchipelDocument, 'nodes' | 'groups' | 'edges'>;

/**
 * The document's edges as React Flow wants them. Those of nodes in a collapsed group end at its frame, where several between
 * the same two are drawn as one; those within it are not seen. What did not change keeps its identity.
 */
export function flowEdges(
  { nodes, groups, edges }: Parts,
  selected: readonly string[],
  known: ReadonlyMap<string, CanvasEdge>,
): CanvasEdge[] {
  const collapsed = groups.some((group) => group.collapsed);
  const groupOf = new Map(collapsed ? nodes.map(({ id, group }) => [id, group]) : []);
  const end = (node: string): string => (collapsed ? (hiddenBy({ groups }, groupOf.get(node)) ?? node) : node);
  const lines = new Map<string, { source: string; target: string; edges: ArchipelEdge[] }>();
  for (const edge of edges) {
    const [source, target] = [end(edge.source), end(edge.target)];
    if (source === target && source !== edge.source) continue;
    const key = source === edge.source && target === edge.target ? edge.id : `bundle/${source}>${target}`;
    const line = lines.get(key);
    if (line) line.edges.push(edge);
    else lines.set(key, { source, target, edges: [edge] });
  }
  return [...lines].map(([key, { source, target, edges: members }]): CanvasEdge => {
    const [edge] = members;
    if (edge && members.length === 1) {
      const shown = known.get(edge.id) as FlowEdge | undefined;
      const isSelected = selected.includes(edge.id);
      const same = shown?.source === source && shown.target === target && shown.data?.edge === edge;
      if (shown && same && shown.selected === isSelected) return shown;
      return {
        id: edge.id,
        type: 'line',
        source,
        target,
        data: { edge },
        selected: isSelected,
        ariaLabel: t('Connection {{id}}', { id: edge.id }),
        domAttributes: { 'aria-roledescription': t('connection') },
      };
    }
    const shown = known.get(key) as BundleEdge | undefined;
    const ids = members.map(({ id }) => id);
    if (shown?.data && shown.data.ids.join() === ids.join()) return shown;
    return {
      id: key,
      type: 'bundle',
      source,
      target,
      data: { ids },
      selectable: false,
      focusable: false,
      ariaLabel: t('{{count}} connections', { count: ids.length }),
      domAttributes: { 'aria-roledescription': t('connections') },
    };
  });
}
