import { catalogue } from '../../engine/catalogue.ts';
import { codeIn } from '../../engine/model/code.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useFile } from '../stores/file.ts';
import { showError } from '../stores/session.ts';
import { isReadOnly, useTrust } from '../stores/trust.ts';

/** The person has read the code of the open document and lets it run. */
export async function trustOpenDocument(): Promise<void> {
  const { document } = useDocument.getState();
  try {
    await engine.documents.trust.mutate({ path: useFile.getState().path, document });
    useTrust.setState({ trusted: true });
  } catch (error) {
    showError(t('That you trust the document was not kept'), shownError(error));
  }
}

/** What the person wrote here may run: without this, the engine would ask about each edit of a handler. */
export async function vouchForEdits(document: ArchipelDocument): Promise<void> {
  if (isReadOnly() || codeIn(document, catalogue).length === 0) return;
  await engine.documents.trust.mutate({ path: null, document });
}
