import { t } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { unfoldAround } from '../stores/group-edits.ts';
import { isReplaying } from '../stores/replay.ts';
import { revealNodes } from '../stores/session.ts';
import { isReadOnly } from '../stores/trust.ts';
import { hiddenBy } from './flow-nodes.ts';

/** Brings nodes and groups, by their keys, into view. Groups that hide them are unfolded, where they may be; else these are shown. */
export function showOnCanvas(keys: readonly string[]): void {
  if (isReplaying() || isReadOnly()) {
    const { document } = useDocument.getState();
    const groupOf = (key: string) => document.nodes.find(({ id }) => id === key)?.group;
    revealNodes([...new Set(keys.map((key) => hiddenBy(document, groupOf(key)) ?? key))]);
    return;
  }
  edit((document) => unfoldAround(document, keys), { name: t('unfold what hides it') });
  revealNodes(keys);
}
