import { create } from 'zustand';
import type { ArchipelDocument } from '../../engine/model/document.ts';

/** What a comparison says of itself, and where it is kept. */
interface ComparisonFile {
  /** Null for one that was never saved. */
  path: string | null;
  /** SHA-256 of the file as last read or written. */
  revision: string | null;
  /** The document that it names as A, as it was opened from there. */
  a: { path: string; document: ArchipelDocument };
  /** What the file holds, to know whether anything was changed since. */
  saved: { title: string; statement: string; plan: Record<string, unknown> | null; b: string | null };
}

interface ComparisonState {
  title: string;
  statement: string;
  b: { path: string; document: ArchipelDocument; directory: string } | null;
  /** As it is written: what it leaves out has its default. Null: nothing was set yet. */
  plan: Record<string, unknown> | null;
  /** Null: it came from no file and is in none. */
  file: ComparisonFile | null;
}

const nothing: ComparisonState = { title: '', statement: '', b: null, plan: null, file: null };

/** A against B. It stands in no document: kept while the window is open, and where somebody saves it. */
export const useComparison = create<ComparisonState>()(() => nothing);

export const newComparison = (): void => useComparison.setState(nothing);

export const isComparisonFile = (path: string): boolean => /\.comparison\.json$/i.test(path);

export function isComparisonEdited({ title, statement, plan, b, file }: ComparisonState): boolean {
  if (!file) return false;
  const { saved } = file;
  return title !== saved.title || statement !== saved.statement || plan !== saved.plan || b?.path !== saved.b;
}
