import { notifications } from '@mantine/notifications';
import { catalogue } from '../../engine/catalogue.ts';
import { codeIn } from '../../engine/model/code.ts';
import { openShared } from '../documents/receive.ts';
import { isShared } from '../documents/share.ts';
import { t } from '../i18n/t.ts';
import { edit, emptyDocument, useDocument } from '../stores/document.ts';
import { type Fragment, fragmentOf, fragmentText, insertFragment, isEmpty, readFragment } from '../stores/fragment.ts';
import { isForCanvas, isInParts } from '../stores/keyboard.ts';
import { isLocked, nameOfPart, removeParts } from '../stores/parts.ts';
import { select, showError, useSession } from '../stores/session.ts';
import { isReadOnly } from '../stores/trust.ts';
import { canvasViewport } from './viewport.ts';

/** What was copied in this window; it comes back as it was, whatever is wrong with it. */
let copied: { text: string; fragment: Fragment; times: number } | null = null;

const selectedFragment = (): Fragment =>
  fragmentOf(useDocument.getState().document, useSession.getState().selectedNodes);

/** "Orders", or "3 parts". */
export function nameOfParts(keys: readonly string[]): string {
  const { document } = useDocument.getState();
  const [only] = keys;
  if (only !== undefined && keys.length === 1) return nameOfPart(document, only);
  return keys.every((key) => !key.includes('/'))
    ? t('{{count}} nodes', { count: keys.length })
    : t('{{count}} parts', { count: keys.length });
}

/** The text of what is selected, for a clipboard; null when nothing that can be copied is. */
function copySelection(): string | null {
  const fragment = selectedFragment();
  if (isEmpty(fragment)) return null;
  copied = { text: fragmentText(fragment), fragment, times: 0 };
  return copied.text;
}

/** Removes what is selected: parts, unless they are locked, and edges. */
export function removeSelection(how: 'remove' | 'cut' = 'remove'): void {
  const { selectedNodes, selectedEdges } = useSession.getState();
  const { document } = useDocument.getState();
  const free = selectedNodes.filter((key) => !isLocked(document, key));
  const what = free.length > 0 ? nameOfParts(free) : null;
  const name = how === 'cut' ? t('cut {{what}}', { what: what ?? '' }) : t('remove {{what}}', { what: what ?? '' });
  edit((before) => removeParts(before, selectedNodes, selectedEdges), what === null ? {} : { name });
  const locked = selectedNodes.length - free.length;
  if (locked > 0)
    notifications.show({
      id: 'locked',
      message: t('{{count}} parts are locked and stayed.', { count: locked }),
    });
  if (!isInParts(window.document.activeElement)) canvasViewport().focus(null);
}

export function duplicateSelection(): void {
  const { selectedNodes } = useSession.getState();
  insert(selectedFragment(), { x: 40, y: 40 }, t('duplicate {{what}}', { what: nameOfParts(selectedNodes) }));
}

/** Puts parts into the document and selects them. */
function insert(fragment: Fragment, offset: { x: number; y: number }, name: string): void {
  const grown = insertFragment(useDocument.getState().document, fragment, offset);
  edit(() => grown.document, { name });
  select({ nodes: grown.keys });
}

function paste(text: string): void {
  if (isShared(text)) {
    void openShared(text);
    return;
  }
  const own = copied?.text === text ? copied : null;
  const read = own ? { ok: true as const, fragment: own.fragment } : readFragment(text);
  if (!read.ok) {
    refuse(read);
    return;
  }
  const { fragment } = read;
  if (isEmpty(fragment)) return;
  if (!own && codeIn({ ...emptyDocument(), ...fragment }, catalogue).length > 0) {
    useSession.setState({ dialog: { type: 'paste-code', fragment } });
    return;
  }
  if (own) own.times += 1;
  pasteFragment(fragment, own?.times ?? 0);
}

/** Beside where it was copied; what comes from elsewhere goes into the middle of what is seen. */
export function pasteFragment(fragment: Fragment, times = 0): void {
  const { document } = useDocument.getState();
  const known = new Set([...document.nodes, ...document.groups, ...document.notes].map(({ id }) => id));
  const parts = [...fragment.groups, ...fragment.nodes, ...fragment.notes];
  const here = times > 0 && parts.some(({ id }) => known.has(id));
  const name =
    parts.length === 1
      ? 'name' in (parts[0] as object)
        ? (parts[0] as { name: string }).name
        : t('a note')
      : t('{{count}} parts', { count: parts.length });
  insert(fragment, here ? { x: 40 * times, y: 40 * times } : toMiddle(parts), t('paste {{name}}', { name }));
}

/** Puts all parts of a document into the open one; code in it is shown first. */
export function insertDocument(document: Fragment, title: string): void {
  const { nodes, edges, groups, notes } = document;
  const fragment = { nodes, edges, groups, notes };
  if (codeIn({ ...emptyDocument(), ...fragment }, catalogue).length > 0) {
    useSession.setState({ dialog: { type: 'paste-code', fragment } });
    return;
  }
  insert(fragment, toMiddle([...groups, ...nodes, ...notes]), t('insert “{{title}}”', { title }));
}

function toMiddle(parts: readonly { position: { x: number; y: number } }[]): { x: number; y: number } {
  const middle = canvasViewport().middle();
  const xs = parts.map(({ position }) => position.x);
  const ys = parts.map(({ position }) => position.y);
  return {
    x: middle.x - 108 - (Math.min(...xs) + Math.max(...xs)) / 2,
    y: middle.y - 53 - (Math.min(...ys) + Math.max(...ys)) / 2,
  };
}

function refuse({ why, errors }: { why: string; errors: Parameters<typeof showError>[1]['errors'] }): void {
  const nextStep = t('Copy cards in a window of Archipel, then paste again. The document is as it was.');
  if (errors.length > 0) showError(t('Nothing was pasted'), { code: 'clipboard', message: why, nextStep, errors });
  else notifications.show({ id: 'paste', color: 'red', title: t('Nothing was pasted'), message: `${why} ${nextStep}` });
}

/** Asks the browser for the clipboard, which it may refuse; the keys need no such leave. */
export async function pasteFromClipboard(): Promise<void> {
  try {
    paste(await navigator.clipboard.readText());
  } catch {
    // What was copied here is at hand all the same.
    if (copied) paste(copied.text);
    else
      notifications.show({
        id: 'paste',
        title: t('Nothing was pasted'),
        message: t('This page may not read the clipboard by itself. Press the keys for Paste on the canvas instead.'),
      });
  }
}

/** Copies, or cuts, by way of the event that the browser makes of it. */
export const copyToClipboard = (): void => void document.execCommand('copy');
export const cutToClipboard = (): void => void document.execCommand('cut');

/** Answers what the system's clipboard is asked for while the canvas has the keyboard. Returns how to stop. */
export function listenToClipboard(): () => void {
  const isOurs = () => isForCanvas(document.activeElement, false) && (getSelection()?.toString() ?? '') === '';
  const give = (event: ClipboardEvent): boolean => {
    const text = isOurs() ? copySelection() : null;
    if (text === null) return false;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    return true;
  };
  const onCopy = (event: ClipboardEvent) => void give(event);
  const onCut = (event: ClipboardEvent) => {
    if (!isReadOnly() && give(event)) removeSelection('cut');
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain');
    if (!text || isReadOnly() || !isForCanvas(document.activeElement, false)) return;
    event.preventDefault();
    paste(text);
  };
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCut);
  document.addEventListener('paste', onPaste);
  return () => {
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCut);
    document.removeEventListener('paste', onPaste);
  };
}
