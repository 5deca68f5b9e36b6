import { temporal } from 'zundo';
import { create } from 'zustand';
import { type ArchipelDocument, FORMAT } from '../../engine/model/document.ts';
import { t } from '../i18n/t.ts';
import { editName } from './edit-name.ts';
import { isReplaying, useReplay } from './replay.ts';
import { isReadOnly } from './trust.ts';

export const emptyDocument = (): ArchipelDocument => ({
  format: FORMAT,
  name: t('Untitled'),
  description: '',
  nodes: [],
  edges: [],
  groups: [],
  notes: [],
  scenarios: [],
  experiments: [],
  sweeps: [],
});

interface DocumentState {
  /** Edits may leave it invalid for a while (an empty field, a missing rule): nothing typed is ever thrown away. */
  document: ArchipelDocument;
  /** What made it so, in a few words for undo and redo; null of a document as it was opened. */
  edited: string | null;
}

const store = create<DocumentState>()(
  temporal((): DocumentState => ({ document: emptyDocument(), edited: null }), {
    limit: 300,
    equality: (past, current) => past.document === current.document,
  }),
);

/**
 * The document. What is drawn from it shows in a replay the one that ran; `getState` and `subscribe` are always about the
 * one that is edited.
 */
export const useDocument = Object.assign(
  <Part>(read: (state: DocumentState) => Part): Part => {
    const recorded = useReplay(({ replay }) => replay?.shown ?? null);
    return store((state) => read(recorded ?? state));
  },
  { getState: store.getState, setState: store.setState, subscribe: store.subscribe, temporal: store.temporal },
);

/** What is drawn now, for what draws outside React. */
export const shownDocument = (): ArchipelDocument => (useReplay.getState().replay?.shown ?? store.getState()).document;

/** The step that further edits with the same name still belong to. */
let openStep: string | null = null;

/**
 * Changes the document, as one undo step. Edits in a row that name the same `step` (typing in one field) are one step
 * until another edit, an undo or `closeStep`. Its `name` is derived where none is given. A read-only document stays as it is.
 */
export function edit(
  change: (document: ArchipelDocument) => ArchipelDocument,
  options: { step?: string; name?: string } = {},
): void {
  if (isReadOnly()) return;
  const before = useDocument.getState().document;
  const after = change(before);
  if (after === before) return;
  const history = useDocument.temporal.getState();
  const continues = options.step !== undefined && options.step === openStep;
  if (continues) history.pause();
  useDocument.setState({ document: after, edited: options.name ?? editName(before, after) });
  if (continues) history.resume();
  openStep = options.step ?? null;
}

export function closeStep(): void {
  openStep = null;
}

export function undo(): void {
  if (isReplaying()) return;
  closeStep();
  useDocument.temporal.getState().undo();
}

export function redo(): void {
  if (isReplaying()) return;
  closeStep();
  useDocument.temporal.getState().redo();
}

/** Another document, with a history of its own. */
export function replaceDocument(document: ArchipelDocument): void {
  closeStep();
  useDocument.setState({ document, edited: null });
  useDocument.temporal.getState().clear();
}
