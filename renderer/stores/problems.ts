import { create } from 'zustand';
import { catalogue } from '../../engine/catalogue.ts';
import type { DocumentError } from '../../engine/model/definition.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { useDocument } from './document.ts';

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

/** Which node, edge or other part of the document a problem is about. */
export function placeOf(path: string, document: ArchipelDocument): { type: 'node' | 'edge'; id: string } | null {
  const match = /^\$\.(nodes|edges)\[(\d+)\]/.exec(path);
  if (!match) return null;
  const found = match[1] === 'nodes' ? document.nodes[Number(match[2])] : document.edges[Number(match[2])];
  return found ? { type: match[1] === 'nodes' ? 'node' : 'edge', id: found.id } : null;
}
