import type { PictureFormat } from '../../engine/api/engine.ts';
import { newDocument, openPath, openWithDialog, save, saveAs } from '../documents/file-actions.ts';
import { exportPicture, share } from '../documents/give-out.ts';
import { forgetRecent, useRecent } from '../documents/recent.ts';
import { trustOpenDocument } from '../documents/trust-actions.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { openOverlay } from '../stores/overlay.ts';
import { isReplaying } from '../stores/replay.ts';
import { useSession } from '../stores/session.ts';
import { isReadOnly, useTrust } from '../stores/trust.ts';
import type { Action } from './action.ts';

/** Why nothing can be edited now; null when it can. */
export function whyReadOnly(): string | null {
  if (isReplaying()) return t('A recorded run is shown; it cannot be changed.');
  return isReadOnly() ? t('The document is read-only until you trust its code.') : null;
}

const whyEmpty = (): string | null =>
  useDocument.getState().document.nodes.length === 0 ? t('There is nothing on the canvas.') : null;

const pictures: readonly [PictureFormat, Key][] = [
  ['svg', key('Export as SVG')],
  ['png', key('Export as PNG')],
  ['mermaid', key('Export as Mermaid')],
];

/** One for each file that was opened last. */
export const recentActions = (): readonly Action[] =>
  useRecent.getState().files.map(({ path, name, missing }) => ({
    id: `recent-${path}`,
    family: 'Document',
    title: key('Open {{name}}'),
    values: () => ({ name }),
    keywords: path,
    disabled: () => (missing ? t('It is not at {{path}} any more.', { path }) : null),
    run: () => openPath(path),
  }));

export const documentActions: readonly Action[] = [
  {
    id: 'trust',
    family: 'Document',
    title: key('Trust the code of this document'),
    keywords: key('enable editing allow read-only'),
    disabled: () => (useTrust.getState().trusted ? t('It may be edited and run already.') : null),
    run: () => void trustOpenDocument(),
  },
  { id: 'new', family: 'Document', title: key('New document'), keys: ['Mod+N'], run: newDocument },
  {
    id: 'open',
    family: 'Document',
    title: key('Open…'),
    keys: ['Mod+O'],
    keywords: key('file load'),
    run: () => void openWithDialog(),
  },
  {
    id: 'save',
    family: 'Document',
    title: key('Save'),
    keys: ['Mod+S'],
    keywords: key('file write'),
    run: () => void save(),
  },
  { id: 'save-as', family: 'Document', title: key('Save as…'), keys: ['Mod+Shift+S'], run: () => void saveAs() },
  {
    id: 'templates',
    family: 'Document',
    title: key('Templates…'),
    keywords: key('gallery examples insert'),
    run: () => openOverlay('templates'),
  },
  {
    id: 'save-template',
    family: 'Document',
    title: key('Save as template…'),
    keywords: key('reuse keep selection'),
    disabled: whyEmpty,
    run: () => useSession.setState({ dialog: { type: 'save-template' } }),
  },
  {
    id: 'clear-recent',
    family: 'Document',
    title: key('Clear the list of recent files'),
    keywords: key('forget opened last history'),
    disabled: () => (useRecent.getState().files.length === 0 ? t('The list is empty.') : null),
    run: () => forgetRecent(),
  },
  {
    id: 'share',
    family: 'Document',
    title: key('Share as an address'),
    keywords: key('link url send copy'),
    disabled: whyEmpty,
    run: () => void share(),
  },
  ...pictures.map(
    ([format, title]): Action => ({
      id: `export-${format}`,
      family: 'Document',
      title,
      keywords: key('picture image diagram'),
      disabled: whyEmpty,
      run: () => void exportPicture(format),
    }),
  ),
];
