import { notifications } from '@mantine/notifications';
import type { PictureFormat } from '../../engine/api/engine.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { fileName } from '../stores/file.ts';
import { showError } from '../stores/session.ts';
import { handOut } from './hand-out.ts';
import { shareAddress } from './share.ts';

const endings: Record<PictureFormat, string> = { svg: 'svg', png: 'png', mermaid: 'mmd' };

/** Gives the topology out as a picture. */
export async function exportPicture(format: PictureFormat): Promise<void> {
  const { document } = useDocument.getState();
  const root =
    document.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'topology';
  try {
    const given = await handOut({
      fileName: `${root}.${endings[format]}`,
      file: () => engine.documents.picture.query({ document, format }),
      save: (path) => engine.documents.savePicture.mutate({ document, format, path }),
    });
    if (given !== null)
      notifications.show({
        message: t('Exported {{name}}', { name: fileName(given) }),
        color: 'teal',
        autoClose: 1800,
      });
  } catch (error) {
    showError(t('The picture was not made'), shownError(error));
  }
}

/** Puts an address that carries the whole document on the clipboard. */
export async function share(): Promise<void> {
  const address = await shareAddress(useDocument.getState().document);
  if (address === null) {
    showError(t('The document cannot be shared as an address'), {
      code: 'document-invalid',
      message: t('It is too large for one: addresses beyond 8,000 signs are cut off on their way.'),
      nextStep: t('Save it, and send the file.'),
      errors: [],
    });
    return;
  }
  if (copyText(address))
    notifications.show({
      title: t('The address is on the clipboard'),
      message: t('Whoever pastes it on the canvas of an Archipel opens this document as a copy. Nothing was uploaded.'),
    });
}

/** By the event of the browser, which needs no leave. */
function copyText(text: string): boolean {
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', give, true);
  const copied = document.execCommand('copy');
  document.removeEventListener('copy', give, true);
  return copied;
}
