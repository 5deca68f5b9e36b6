import { notifications } from '@mantine/notifications';
import { rememberFile } from '../documents/recent.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { useComparison } from '../stores/comparison.ts';
import { useDocument } from '../stores/document.ts';
import { fileName, useFile } from '../stores/file.ts';
import { showError } from '../stores/session.ts';

/** `my-shop.comparison.json`, after its title. */
export function nameForComparison(): string {
  const slug = useComparison
    .getState()
    .title.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return `${slug || 'untitled'}.comparison.json`;
}

/** The file of what is on the canvas: its own, or the one that the comparison opened it from. Null: there is none. */
function pathOfA(): string | null {
  const { path } = useFile.getState();
  const from = useComparison.getState().file?.a;
  return path ?? (from?.document === useDocument.getState().document ? from.path : null);
}

/** Writes the comparison, which names both documents by their paths. */
export async function saveComparison(path: string): Promise<void> {
  const { title, statement, b, plan, file } = useComparison.getState();
  const { document } = useDocument.getState();
  const a = pathOfA();
  if (a === null || !b) {
    showError(t('The comparison was not saved'), {
      code: 'document-invalid',
      message:
        a === null
          ? t('It names its documents by their files, and document A, what is on the canvas, is in none.')
          : t('It names its documents by their files, and document B is not chosen.'),
      nextStep: a === null ? t('Save document A first.') : t('Choose document B first.'),
      errors: [],
    });
    return;
  }
  const settings = plan ?? { scenario: document.scenarios[0]?.name ?? '' };
  const expectedRevision = path === file?.path ? (file?.revision ?? null) : null;
  try {
    const saved = await engine.documents.saveComparison.mutate({
      ...{ path, title, statement, a, b: b.path, plan: settings, expectedRevision },
    });
    useComparison.setState({
      plan: settings,
      file: {
        ...{ path: saved.path, revision: saved.revision, a: { path: a, document } },
        saved: { title, statement, plan: settings, b: b.path },
      },
    });
    rememberFile(saved.path, title);
    notifications.show({
      id: 'saved',
      message: t('Saved {{name}}', { name: fileName(saved.path) }),
      color: 'teal',
      autoClose: 1800,
    });
  } catch (error) {
    showError(t('The comparison was not saved'), shownError(error));
  }
}
