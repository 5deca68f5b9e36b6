import type { ArchipelDocument } from '../../engine/model/document.ts';
import { groupsWithin, nodesWithin } from '../../engine/model/groups.ts';
import { t } from '../i18n/t.ts';
import { remove } from './document-edits.ts';
import { CARD, frameSize, groupKey, groupOfKey, removeGroups } from './group-edits.ts';
import { noteKey, noteOfKey } from './note-edits.ts';

/*
 * Parts of the canvas: nodes, groups and notes, named by their keys as the selection has them.
 */

type Document = ArchipelDocument;
export type Box = { x: number; y: number; width: number; height: number };

export const partKeys = ({ nodes, groups, notes }: Document): string[] => [
  ...groups.map(({ id }) => groupKey(id)),
  ...nodes.map(({ id }) => id),
  ...notes.map(({ id }) => noteKey(id)),
];

/** What a part takes up; `cards` are sizes of cards that were measured. */
export function boxOf(
  document: Document,
  key: string,
  cards?: ReadonlyMap<string, { width: number; height: number }>,
): Box | null {
  const group = document.groups.find(({ id }) => groupKey(id) === key);
  if (group) return { ...group.position, ...frameSize(group) };
  const note = document.notes.find(({ id }) => noteKey(id) === key);
  if (note) return { ...note.position, ...note.size };
  const node = document.nodes.find(({ id }) => id === key);
  return node ? { ...node.position, ...(cards?.get(key) ?? CARD) } : null;
}

export const isLocked = (document: Document, key: string): boolean =>
  (
    document.groups.find(({ id }) => groupKey(id) === key) ??
    document.notes.find(({ id }) => noteKey(id) === key) ??
    document.nodes.find(({ id }) => id === key)
  )?.locked === true;

/** Names of parts, for people. */
export function nameOfPart(document: Document, key: string): string {
  const named = document.groups.find(({ id }) => groupKey(id) === key) ?? document.nodes.find(({ id }) => id === key);
  return named?.name ?? (noteOfKey(key) === null ? key : t('a note'));
}

export function setLocked(document: Document, keys: readonly string[], locked: boolean): Document {
  const changed =
    <Part extends { id: string; locked?: boolean }>(key: (id: string) => string) =>
    (part: Part): Part => {
      if (!keys.includes(key(part.id)) || (part.locked === true) === locked) return part;
      const { locked: _, ...rest } = part;
      return (locked ? { ...rest, locked } : rest) as Part;
    };
  return {
    ...document,
    nodes: document.nodes.map(changed((id) => id)),
    groups: document.groups.map(changed(groupKey)),
    notes: document.notes.map(changed(noteKey)),
  };
}

/** Removes parts and edges. What stands in a frame stays when the frame goes, and what is locked stays. */
export function removeParts(document: Document, keys: readonly string[], edges: readonly string[] = []): Document {
  const free = keys.filter((key) => !isLocked(document, key));
  const notes = new Set(free.flatMap((key) => noteOfKey(key) ?? []));
  const groups = free.flatMap((key) => groupOfKey(key) ?? []);
  // A collapsed group is one thing to look at, and goes as one.
  const whole = groups.filter((id) => document.groups.find((group) => group.id === id)?.collapsed);
  const open = groups.filter((id) => !whole.includes(id));
  const without = notes.size > 0 ? { ...document, notes: document.notes.filter(({ id }) => !notes.has(id)) } : document;
  return remove(removeGroups(removeGroups(without, whole, true), open), { nodes: free, edges });
}

/** A selection with everything in its groups. */
export function withContents(document: Document, keys: readonly string[]): string[] {
  const groups = keys.flatMap((key) => groupOfKey(key) ?? []);
  return [
    ...new Set([
      ...keys,
      ...groups.flatMap((id) => [...groupsWithin(document, id)].map(groupKey)),
      ...groups.flatMap((id) => nodesWithin(document, id)),
    ]),
  ];
}
