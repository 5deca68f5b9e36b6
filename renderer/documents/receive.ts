import { notifications } from '@mantine/notifications';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { shownError } from '../engine-client/errors.ts';
import { isComparisonFile } from '../stores/comparison.ts';
import { showBottom, showError, useSession } from '../stores/session.ts';
import { guardEdits, openPath, show } from './file-actions.ts';
import { sharedText } from './share.ts';

const LARGEST_BYTES = 20 * 1024 * 1024;

/** Opens text that came from elsewhere as a document without a file; or says why it is none, and leaves all as it was. */
async function receive(name: string, text: string): Promise<void> {
  try {
    const { document, trust, problems, imported, migratedFrom } = await engine.documents.receive.query({ name, text });
    guardEdits(() => {
      show(document, { path: null, directory: null, revision: null }, trust);
      if (problems.length > 0) showBottom('problems');
      if (imported) useSession.setState({ dialog: { type: 'imported', name, notes: imported } });
      if (migratedFrom !== null)
        notifications.show({ message: `It has format ${migratedFrom}, and was brought up to date here.` });
    });
  } catch (error) {
    showError(`${name} was not opened`, shownError(error));
  }
}

/** Opens a file that was dropped on the window. */
export async function openDropped(file: File): Promise<void> {
  // The desktop knows where it is, so that it can be saved there.
  const path = /\.json$/i.test(file.name) ? (desktop?.pathOf(file) ?? null) : null;
  if (path) {
    openPath(path);
    return;
  }
  if (isComparisonFile(file.name)) {
    showError(`${file.name} was not opened`, {
      code: 'document-unreadable',
      message: 'A comparison names its documents by their paths beside it, and a browser does not tell where it lies.',
      nextStep: 'Open it by its path, with “Open a file”.',
      errors: [],
    });
    return;
  }
  if (file.size > LARGEST_BYTES) {
    showError(`${file.name} was not opened`, {
      code: 'document-unreadable',
      message: `It has ${(file.size / 1024 / 1024).toFixed(0)} MiB, and a document may have 20.`,
      nextStep: 'Choose another file; this is hardly a document of Archipel.',
      errors: [],
    });
    return;
  }
  await receive(file.name, await file.text());
}

/** Opens what somebody shared as an address. */
export async function openShared(address: string): Promise<void> {
  try {
    await receive('What was shared', await sharedText(address));
  } catch (error) {
    showError('What was shared was not opened', {
      code: 'document-unreadable',
      message: (error as Error).message,
      nextStep: 'What is open here is as it was.',
      errors: [],
    });
  }
}

/** Opens what the address of this page shares, once, and takes it out of the address. */
export function openSharedByPage(): void {
  const { hash } = window.location;
  if (!/[#&]share=/.test(hash)) return;
  window.history.replaceState(null, '', hash.replace(/&?share=[\w-]+/, '') || '#');
  void openShared(hash);
}
