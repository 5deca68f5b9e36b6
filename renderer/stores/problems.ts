import { create } from 'zustand';
import { catalogue } from '../../engine/catalogue.ts';
import type { DocumentError } from '../../engine/model/definition.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { useDocument } from './document.ts';
import { groupKey } from './group-edits.ts';

const DELAY_MS = 120;

/** Everything that is wrong with the document now. The same check that the engine makes, so that it is seen while typing. */
export const useProblems = create<{ errors: readonly DocumentError[] }>()(() => ({ errors: [] }));

export function problemsOf(document: ArchipelDocument): DocumentError[] {
  const parsed = parseDocument(document, catalogue);
  return parsed.ok ? [] : parsed.errors;
}

/** Keeps `useProblems` up to date. Returns how to stop. */
export function watchProblems(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = () => useProblems.setState({ errors: problemsOf(useDocument.getState().document) });
  check();
  const unsubscribe = useDocument.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(check, DELAY_MS);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** Which part on the canvas a problem is about, groups by their keys; null where it is about none. */
export function placeOf(
  path: string,
  { nodes, edges, groups }: ArchipelDocument,
): { type: 'node' | 'edge' | 'group'; id: string } | null {
  const [, list, at] = /^\$\.(nodes|edges|groups)\[(\d+)\]/.exec(path) ?? [];
  if (list === 'groups') {
    const group = groups[Number(at)];
    return group ? { type: 'group', id: groupKey(group.id) } : null;
  }
  const found = list === 'nodes' ? nodes[Number(at)] : list === 'edges' ? edges[Number(at)] : undefined;
  return found ? { type: list === 'nodes' ? 'node' : 'edge', id: found.id } : null;
}
