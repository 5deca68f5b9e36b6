import { create } from 'zustand';
import type { DocumentTrust, KeptEdits } from '../../engine/api/engine.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { emptyDocument, useDocument } from '../stores/document.ts';
import { isDirty, useFile } from '../stores/file.ts';
import { guardEdits, show } from './file-actions.ts';

/** So long after an edit it is kept; edits in a row wait for each other. */
const DELAY_MS = 800;
const KEY = 'archipel-window';

type Found = KeptEdits & { trust: DocumentTrust };

/** Edits of windows that ended without notice. */
export const useRecoverable = create<{ found: readonly Found[] }>()(() => ({ found: [] }));

/** Names this window, also after it was loaded again. */
function windowKey(): string {
  const known = sessionStorage.getItem(KEY);
  if (known) return known;
  const key = crypto.randomUUID();
  sessionStorage.setItem(KEY, key);
  return key;
}

/**
 * Keeps what is edited with the engine until a file has it, and asks at the start for what other windows have left. Returns
 * how to stop.
 */
export function keepEdits(): () => void {
  const key = windowKey();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isKept = false;
  let asked = false;
  const keep = () => {
    const { document } = useDocument.getState();
    if (!isDirty()) {
      // What was found at the start is kept until somebody decides.
      if (isKept) void engine.documents.discardEdits.mutate({ key }).catch(() => undefined);
      isKept = false;
      return;
    }
    const { path, directory, revision } = useFile.getState();
    isKept = true;
    engine.documents.keepEdits
      .mutate({ key, path, directory, revision, document, atMs: Date.now() })
      .catch(() => schedule());
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, DELAY_MS);
  };
  const ask = () => {
    if (asked || useConnection.getState().state !== 'online') return;
    asked = true;
    engine.documents.recoverable.query({ key }).then(
      (found) => useRecoverable.setState({ found }),
      () => {
        asked = false;
      },
    );
  };
  // The desktop has asked whether to save before it closes. A tab that is loaded again gets its edits back.
  const onLeave = () => {
    if (isKept) void engine.documents.discardEdits.mutate({ key }).catch(() => undefined);
  };
  ask();
  const ends = [useDocument.subscribe(schedule), useFile.subscribe(schedule), useConnection.subscribe(ask)];
  if (desktop) window.addEventListener('pagehide', onLeave);
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
    window.removeEventListener('pagehide', onLeave);
  };
}

const forget = (key: string): void =>
  useRecoverable.setState(({ found }) => ({ found: found.filter((edits) => edits.key !== key) }));

/** Opens edits that were left, as unsaved as they were. */
export function restore(edits: Found): void {
  guardEdits(() => {
    const { document, path, directory, revision, trust } = edits;
    show(document, { path, directory, revision }, trust);
    useFile.setState({ saved: emptyDocument() });
    forget(edits.key);
    // They are this window's now; its own are kept as they are edited.
    if (edits.key !== windowKey()) void engine.documents.discardEdits.mutate({ key: edits.key }).catch(() => undefined);
  });
}

export function giveUp(key: string): void {
  forget(key);
  void engine.documents.discardEdits.mutate({ key }).catch(() => undefined);
}
