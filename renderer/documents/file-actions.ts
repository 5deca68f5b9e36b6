import { notifications } from '@mantine/notifications';
import type { DocumentTrust } from '../../engine/api/engine.ts';
import { catalogue } from '../../engine/catalogue.ts';
import { parseDocument } from '../../engine/model/parse.ts';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { markApplied, runningPart } from '../running/live-apply.ts';
import { stop } from '../running/run-actions.ts';
import { isComparisonFile, useComparison } from '../stores/comparison.ts';
import { emptyDocument, replaceDocument, useDocument } from '../stores/document.ts';
import { directoryOf, fileName, isDirty, useFile } from '../stores/file.ts';
import { frameNow, runningSweep } from '../stores/run.ts';
import { closeDialog, revealNodes, select, showBottom, showError, useSession } from '../stores/session.ts';
import { useTrust } from '../stores/trust.ts';
import { rememberFile } from './recent.ts';

/** Goes on at once, or after the person agreed to lose unsaved edits. */
export function guardEdits(proceed: () => void): void {
  if (isDirty()) useSession.setState({ dialog: { type: 'discard', proceed } });
  else proceed();
}

/** Goes on at once with what came, or after the person agreed to lose what was edited while it was on its way. */
async function guardMeanwhile<Came>(coming: Promise<Came>, proceed: (came: Came) => void): Promise<void> {
  const { document } = useDocument.getState();
  const came = await coming;
  if (useDocument.getState().document === document) proceed(came);
  else guardEdits(() => proceed(came));
}

/** Another document takes the place of the one that is open. */
export function show(
  document: ReturnType<typeof emptyDocument>,
  file: { path: string | null; directory: string | null; revision: string | null },
  trust: DocumentTrust = { trusted: true, code: [] },
  whatRuns: 'stops' | 'goes on' = 'stops',
): void {
  // What runs belongs to the document before; it is not turned into this one.
  if (whatRuns === 'stops' && ((frameNow()?.topology ?? 'stopped') !== 'stopped' || runningSweep(frameNow())))
    void stop();
  replaceDocument(document);
  useTrust.setState(trust);
  useFile.setState({ ...file, saved: document });
  useSession.setState({ scenario: null, dialog: null });
  select({});
  revealNodes(document.nodes.map((node) => node.id));
}

export const newDocument = (): void =>
  guardEdits(() => show(emptyDocument(), { path: null, directory: null, revision: null }));

type As = 'file' | 'copy';
type WhatRuns = 'stops' | 'goes on';

/** A comparison: A on the canvas, and both in the panel where they are compared. */
function showComparison(
  opened: Awaited<ReturnType<typeof engine.documents.openComparison.query>>,
  as: As,
  whatRuns: WhatRuns,
): void {
  const { title, statement, plan, a, b } = opened;
  const directory = directoryOf(a.path);
  show(
    a.document,
    as === 'file' ? { directory, path: a.path, revision: a.revision } : { directory, path: null, revision: null },
    a.trust,
    whatRuns,
  );
  useComparison.setState({
    ...{ title, statement, plan },
    b: { path: b.path, document: b.document, directory: directoryOf(b.path) },
    file: {
      ...(as === 'file' ? { path: opened.path, revision: opened.revision } : { path: null, revision: null }),
      a: { path: a.path, document: a.document },
      saved: { title, statement, plan, b: b.path },
    },
  });
  if (as === 'file') rememberFile(opened.path, title);
  useSession.setState({ sweep: 'ab' });
  showBottom(a.problems.length > 0 ? 'problems' : 'sweeps');
}

function showOpened(opened: Awaited<ReturnType<typeof engine.documents.open.query>>, as: As, whatRuns: WhatRuns): void {
  show(
    opened.document,
    {
      directory: directoryOf(opened.path),
      ...(as === 'file' ? { path: opened.path, revision: opened.revision } : { path: null, revision: null }),
    },
    opened.trust,
    whatRuns,
  );
  if (as === 'file') rememberFile(opened.path, opened.document.name);
  if (opened.problems.length > 0) showBottom('problems');
  if (as === 'file' && opened.migratedFrom !== null)
    notifications.show({
      message: t(
        'The file has format {{migratedFrom}}. It was brought up to date here; saving writes the new format.',
        {
          migratedFrom: opened.migratedFrom,
        },
      ),
    });
}

async function load(path: string, as: As, whatRuns: WhatRuns = 'stops'): Promise<void> {
  try {
    if (isComparisonFile(path))
      await guardMeanwhile(engine.documents.openComparison.query({ path }), (opened) =>
        showComparison(opened, as, whatRuns),
      );
    else await guardMeanwhile(engine.documents.open.query({ path }), (opened) => showOpened(opened, as, whatRuns));
  } catch (error) {
    showError(t('{{name}} was not opened', { name: fileName(path) }), shownError(error));
  }
}

/**
 * What a new window begins with. What another window runs, or this one ran before it was loaded again, goes on; where it is not
 * what the file says, it is what is shown, without a file, so that saving it asks where.
 */
export async function openFirst(path: string | null): Promise<void> {
  if (path !== null) await load(path, 'file', 'goes on');
  const running = await engine.topology.document.query();
  if (!running) return;
  markApplied(running);
  // A sweep and an experiment change the document that they run for a while.
  const frame = frameNow();
  if (runningSweep(frame) || (frame?.experiment && frame.experiment.phase !== 'done')) return;
  if (runningPart(useDocument.getState().document) === runningPart(running)) return;
  const directory = path === null ? null : directoryOf(path);
  guardEdits(() => show(running, { path: null, directory, revision: null }, undefined, 'goes on'));
}

export const openPath = (path: string): void => guardEdits(() => void load(path, 'file'));

/** A template opens as a document without a file, so that saving never changes the template. */
export const openTemplate = (path: string): void => guardEdits(() => void load(path, 'copy'));

export async function openWithDialog(): Promise<void> {
  if (!desktop) return useSession.setState({ dialog: { type: 'open' } });
  const path = await desktop.openDialog();
  if (path) openPath(path);
}

/** Writes the document as it is now. Resolves to whether it was written. */
async function write(path: string, expectedRevision: string | null): Promise<boolean> {
  const { document } = useDocument.getState();
  const parsed = parseDocument(document, catalogue);
  if (!parsed.ok && parsed.draft === null) {
    showError(t('The document cannot be saved yet'), {
      code: 'document-invalid',
      message: t('A file that is saved now could not be opened again:'),
      nextStep: t('Solve these problems, then save again. Nothing was written, and your edits are kept.'),
      errors: parsed.errors,
    });
    return false;
  }
  try {
    const { revision } = await engine.documents.save.mutate({ path, document, expectedRevision });
    useFile.setState({ path, directory: directoryOf(path), revision, saved: document });
    rememberFile(path, document.name);
    notifications.show({
      id: 'saved',
      message: t('Saved {{name}}', { name: fileName(path) }),
      color: 'teal',
      autoClose: 1800,
    });
    return true;
  } catch (error) {
    showError(t('The document was not saved'), shownError(error));
    return false;
  }
}

export async function save(): Promise<boolean> {
  const { path, revision } = useFile.getState();
  return path === null ? saveAs() : write(path, revision);
}

/** `my-shop.archipel.json` for a document called "My shop". */
export function suggestedName(): string {
  const slug = useDocument
    .getState()
    .document.name.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${slug || 'untitled'}.archipel.json`;
}

export async function saveAs(): Promise<boolean> {
  if (!desktop) {
    useSession.setState({ dialog: { type: 'save-as' } });
    return false;
  }
  const path = await desktop.saveDialog(suggestedName());
  return path === null ? false : saveTo(path);
}

/**
 * Saves under a path that the person chose. The file there may exist: its revision is asked first, which also refuses
 * to replace a file that is no document.
 */
export async function saveTo(path: string): Promise<boolean> {
  closeDialog();
  const current = useFile.getState();
  if (path === current.path) return write(path, current.revision);
  const existing = await engine.documents.open.query({ path }).catch(() => null);
  // The desktop's own dialog has asked already whether to replace.
  if (existing && !desktop) {
    showError(t('The document was not saved'), {
      code: 'document-conflict',
      message: t('There is a document at {{path}} already.', { path: existing.path }),
      nextStep: t('Choose another name, or open that document and edit it.'),
      errors: [],
    });
    return false;
  }
  return write(path, existing?.revision ?? null);
}
