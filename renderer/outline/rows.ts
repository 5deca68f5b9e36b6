import type { ArchipelDocument, ArchipelEdge, ArchipelNode } from '../../engine/model/document.ts';
import type { ArchipelGroup } from '../../engine/model/groups.ts';
import { groupKey } from '../stores/group-edits.ts';
import { noteKey } from '../stores/note-edits.ts';

/** A line of the outline: what the canvas draws, in words. */
export type OutlineRow = {
  /** Its own among all rows; an edge has one at each of its ends. */
  key: string;
  /** 1 for what stands in no group. */
  level: number;
  /** Key of the row that it stands below; null at the first level. */
  parent: string | null;
  /** Whether what stands below is shown; null where nothing does. */
  expanded: boolean | null;
} & (
  | { type: 'group'; group: ArchipelGroup }
  | { type: 'node'; node: ArchipelNode }
  | { type: 'edge'; edge: ArchipelEdge; direction: 'out' | 'in'; other: string }
  | { type: 'note'; text: string }
);

/** From so many nodes on the edges are folded away until they are asked for. */
const MANY_NODES = 40;

/**
 * Groups with what stands in them, nodes with their edges out and in, and notes, in the order of the document. `toggled`
 * holds the keys of rows that are not as they are at first: groups unfolded, and nodes too unless there are many.
 */
export function outlineRows(document: ArchipelDocument, toggled: ReadonlySet<string>): OutlineRow[] {
  const names = new Map(document.nodes.map(({ id, name }) => [id, name]));
  const known = new Set(document.groups.map(({ id }) => id));
  const unfolded = document.nodes.length < MANY_NODES;
  const rows: OutlineRow[] = [];

  const addNode = (node: ArchipelNode, level: number, parent: string | null): void => {
    const out = document.edges.filter(({ source }) => source === node.id);
    const into = document.edges.filter(({ target }) => target === node.id);
    const isLeaf = out.length + into.length === 0;
    const expanded = isLeaf ? null : unfolded !== toggled.has(node.id);
    rows.push({ type: 'node', key: node.id, level, parent, expanded, node });
    if (!expanded) return;
    const below = { level: level + 1, parent: node.id, expanded: null };
    const nameOf = (id: string) => names.get(id) ?? id;
    for (const edge of out)
      rows.push({
        type: 'edge',
        key: `${node.id}>${edge.id}`,
        ...below,
        edge,
        direction: 'out',
        other: nameOf(edge.target),
      });
    for (const edge of into)
      rows.push({
        type: 'edge',
        key: `${node.id}<${edge.id}`,
        ...below,
        edge,
        direction: 'in',
        other: nameOf(edge.source),
      });
  };

  const seen = new Set<string>();
  const addGroup = (group: ArchipelGroup, level: number, parent: string | null): void => {
    seen.add(group.id);
    const key = groupKey(group.id);
    const groups = document.groups.filter((other) => other.parent === group.id && !seen.has(other.id));
    const nodes = document.nodes.filter((node) => node.group === group.id);
    const expanded = groups.length + nodes.length === 0 ? null : !toggled.has(key);
    rows.push({ type: 'group', key, level, parent, expanded, group });
    if (!expanded) return;
    for (const inner of groups) addGroup(inner, level + 1, key);
    for (const node of nodes) addNode(node, level + 1, key);
  };

  for (const group of document.groups) if (group.parent === null || !known.has(group.parent)) addGroup(group, 1, null);
  // Groups that name each other as their parents are still somewhere.
  for (const group of document.groups)
    if (!seen.has(group.id) && isInCircle(document.groups, group)) addGroup(group, 1, null);
  for (const node of document.nodes) if (node.group === undefined || !known.has(node.group)) addNode(node, 1, null);
  for (const { id, text } of document.notes)
    rows.push({ type: 'note', key: noteKey(id), level: 1, parent: null, expanded: null, text });
  return rows;
}

function isInCircle(groups: readonly ArchipelGroup[], { id, parent }: ArchipelGroup): boolean {
  const path = new Set<string>();
  for (let at = parent; at !== null && !path.has(at); at = groups.find((group) => group.id === at)?.parent ?? null) {
    if (at === id) return true;
    path.add(at);
  }
  return false;
}

/** Rows that a key leads to, as in any tree grid; null where it leads nowhere. `toggle` says what to fold instead. */
export function rowAfterKey(
  rows: readonly OutlineRow[],
  activeKey: string,
  pressed: string,
): { go: string } | { toggle: string } | null {
  const at = rows.findIndex(({ key }) => key === activeKey);
  const row = rows[at];
  if (!row) return null;
  const go = (index: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    return next && next.key !== activeKey ? { go: next.key } : null;
  };
  switch (pressed) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row.expanded === null) return null;
      return row.expanded ? go(at + 1) : { toggle: row.key };
    case 'ArrowLeft':
      if (row.expanded) return { toggle: row.key };
      return row.parent === null ? null : { go: row.parent };
    default:
      return null;
  }
}
