import { notifications } from '@mantine/notifications';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
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
        notifications.show({
          message: t('It has format {{migratedFrom}}, and was brought up to date here.', { migratedFrom }),
        });
    });
  } catch (error) {
    showError(t('{{name}} was not opened', { name }), shownError(error));
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
    showError(t('{{name}} was not opened', { name: file.name }), {
      code: 'document-unreadable',
      message: t(
        'A comparison names its documents by their paths beside it, and a browser does not tell where it lies.',
      ),
      nextStep: t('Open it by its path, with “Open a file”.'),
      errors: [],
    });
    return;
  }
  if (file.size > LARGEST_BYTES) {
    showError(t('{{name}} was not opened', { name: file.name }), {
      code: 'document-unreadable',
      message: t('It has {{size}} MiB, and a document may have 20.', {
        size: (file.size / 1024 / 1024).toFixed(0),
      }),
      nextStep: t('Choose another file; this is hardly a document of Archipel.'),
      errors: [],
    });
    return;
  }
  let text: string;
  try {
    text = await file.text();
  } catch {
    showError(t('{{name}} was not opened', { name: file.name }), {
      code: 'document-unreadable',
      message: t('It cannot be read: it is a folder, or it went away, or belongs to somebody else.'),
      nextStep: t('Choose a file. What is open here is as it was.'),
      errors: [],
    });
    return;
  }
  await receive(file.name, text);
}

/** Opens what somebody shared as an address. */
export async function openShared(address: string): Promise<void> {
  try {
    await receive(t('What was shared'), await sharedText(address));
  } catch (error) {
    showError(t('What was shared was not opened'), {
      code: 'document-unreadable',
      message: (error as Error).message,
      nextStep: t('What is open here is as it was.'),
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
