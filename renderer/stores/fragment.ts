import { catalogue } from '../../engine/catalogue.ts';
import type { DocumentError } from '../../engine/model/definition.ts';
import { type ArchipelDocument, FORMAT } from '../../engine/model/document.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { t } from '../i18n/t.ts';
import { freeId } from './document-edits.ts';
import { CARD, frameAt, groupKey, inGroup, middleOf } from './group-edits.ts';
import { noteKey } from './note-edits.ts';
import { withContents } from './parts.ts';

type Document = ArchipelDocument;

/** A part of a document that can be put into another. */
export type Fragment = Pick<Document, 'nodes' | 'edges' | 'groups' | 'notes'>;

/** Tells our text on the clipboard from any other JSON. */
const MARKER = 'archipel-fragment';

/** The parts named by their keys, with what is in the groups among them, and the edges between them. */
export function fragmentOf(document: Document, keys: readonly string[]): Fragment {
  const taken = new Set(withContents(document, keys));
  return {
    nodes: document.nodes.filter(({ id }) => taken.has(id)),
    edges: document.edges.filter(({ source, target }) => taken.has(source) && taken.has(target)),
    groups: document.groups.filter(({ id }) => taken.has(groupKey(id))),
    notes: document.notes.filter(({ id }) => taken.has(noteKey(id))),
  };
}

export const isEmpty = ({ nodes, groups, notes }: Fragment): boolean =>
  nodes.length + groups.length + notes.length === 0;

export const fragmentText = (fragment: Fragment): string =>
  JSON.stringify({ type: MARKER, format: FORMAT, ...fragment }, null, 2);

export type ReadFragment =
  | { ok: true; fragment: Fragment }
  /** A sentence that says why it is none, and all problems of one that is ours. */
  | { ok: false; why: string; errors: DocumentError[] };

/** Reads what was copied. Text of another program is refused whole, and says what it is not. */
export function readFragment(text: string): ReadFragment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(t('What is on the clipboard is text, and no part of a topology.'));
  }
  if (typeof value !== 'object' || value === null || (value as { type?: unknown }).type !== MARKER)
    return refused(t('What is on the clipboard is JSON of another program, and no part of a topology.'));
  const { type: _, ...rest } = value as Record<string, unknown>;
  const parents = new Set(
    (Array.isArray(rest.groups) ? rest.groups : []).map((group) => (group as { id?: unknown } | null)?.id),
  );
  // A frame that was left behind is no frame here.
  const freed = {
    ...rest,
    nodes: each(rest.nodes, (node) => ('group' in node && !parents.has(node.group) ? without(node, 'group') : node)),
    groups: each(rest.groups, (group) => (parents.has(group.parent) ? group : { ...group, parent: null })),
  };
  const parsed = parseDocument({ ...freed, name: 'Clipboard' }, catalogue);
  const document = parsed.ok ? parsed.document : parsed.draft;
  if (document) return { ok: true, fragment: document };
  const errors = parsed.ok ? [] : parsed.errors;
  return refused(
    t('What is on the clipboard is a part of a topology with {{count}} problems.', { count: errors.length }),
    errors,
  );
}

const refused = (why: string, errors: DocumentError[] = []): ReadFragment => ({ ok: false, why, errors });

function each(list: unknown, change: (item: Record<string, unknown>) => unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item) =>
    typeof item === 'object' && item !== null ? change(item as Record<string, unknown>) : item,
  );
}

function without(item: Record<string, unknown>, key: string): Record<string, unknown> {
  const { [key]: _, ...rest } = item;
  return rest;
}

/**
 * Puts a fragment into a document, moved by an offset: with ids that are free, names that tell copies apart ("Orders 2"),
 * and configs that name the copied edges. Returns the keys of what was added.
 */
export function insertFragment(
  document: Document,
  fragment: Fragment,
  offset: { x: number; y: number },
): { document: Document; keys: string[] } {
  const nodeIds = renamed(fragment.nodes, document.nodes);
  const groupIds = renamed(fragment.groups, document.groups);
  const noteIds = renamed(fragment.notes, document.notes);
  const edges = fragment.edges.map((edge) => ({
    ...edge,
    source: nodeIds.get(edge.source) ?? edge.source,
    target: nodeIds.get(edge.target) ?? edge.target,
  }));
  const edgeIds = new Map<string, string>();
  for (const edge of edges)
    edgeIds.set(
      edge.id,
      freeId(`${edge.source}-${edge.target}`, [...document.edges.map(({ id }) => id), ...edgeIds.values()]),
    );

  const nodeNames = distinct(fragment.nodes, document.nodes);
  const groupNames = distinct(fragment.groups, document.groups);
  const moved = ({ x, y }: { x: number; y: number }) => ({ x: Math.round(x + offset.x), y: Math.round(y + offset.y) });
  const groups = fragment.groups.map((group, index) => ({
    ...group,
    id: groupIds.get(group.id) as string,
    name: groupNames[index] as string,
    position: moved(group.position),
    parent: group.parent === null ? null : (groupIds.get(group.parent) ?? null),
  }));
  const nodes = fragment.nodes.map((node, index) => {
    const position = moved(node.position);
    const own = node.group === undefined ? undefined : groupIds.get(node.group);
    const copy = {
      ...node,
      id: nodeIds.get(node.id) as string,
      name: nodeNames[index] as string,
      position,
      config: withEdges(node.config, edgeIds) as Record<string, unknown>,
    };
    return inGroup(copy, own ?? frameAt(document.groups, middleOf(position, CARD))?.id);
  });
  const notes = fragment.notes.map((note) => ({
    ...note,
    id: noteIds.get(note.id) as string,
    position: moved(note.position),
  }));
  return {
    keys: [
      ...groups.map(({ id }) => groupKey(id)),
      ...nodes.map(({ id }) => id),
      ...notes.map(({ id }) => noteKey(id)),
    ],
    document: {
      ...document,
      nodes: [...document.nodes, ...nodes],
      edges: [...document.edges, ...edges.map((edge) => ({ ...edge, id: edgeIds.get(edge.id) as string }))],
      groups: [...document.groups, ...groups],
      notes: [...document.notes, ...notes],
    },
  };
}

/** Which new id each gets: its own where that is free. */
function renamed(parts: readonly { id: string }[], present: readonly { id: string }[]): Map<string, string> {
  const taken = new Set(present.map(({ id }) => id));
  const ids = new Map<string, string>();
  for (const { id } of parts) {
    const next = taken.has(id) ? freeId(id.replace(/-\d+$/, ''), taken) : id;
    ids.set(id, next);
    taken.add(next);
  }
  return ids;
}

/** "Orders" where that is free, else "Orders 2", "Orders 3" …; within the 80 characters of a name. */
function distinct(parts: readonly { name: string }[], present: readonly { name: string }[]): string[] {
  const taken = new Set(present.map(({ name }) => name));
  return parts.map(({ name }) => {
    const root = name.replace(/ \d+$/, '').slice(0, 74);
    let next = name;
    for (let number = 2; taken.has(next); number++) next = `${root} ${number}`;
    taken.add(next);
    return next;
  });
}

/** A config in which each edge that was copied is named by its new id. */
function withEdges(value: unknown, ids: ReadonlyMap<string, string>, key = ''): unknown {
  if (typeof value === 'string') return /edges?$/i.test(key) ? (ids.get(value) ?? value) : value;
  if (Array.isArray(value)) return value.map((item) => withEdges(item, ids, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withEdges(item, ids, name)]));
}
