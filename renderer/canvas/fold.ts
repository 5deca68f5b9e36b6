import type { ArchipelGroup } from '../../engine/model/groups.ts';
import { t } from '../i18n/t.ts';
import { edit } from '../stores/document.ts';
import { changeGroup } from '../stores/group-edits.ts';

/** Draws a group as one card, or again as the frame around what is in it. */
export const toggleCollapsed = ({ id, name, collapsed }: ArchipelGroup): void =>
  edit(
    (document) =>
      changeGroup(document, id, ({ collapsed: _, ...rest }) => (collapsed ? rest : { ...rest, collapsed: true })),
    { name: collapsed ? t('expand {{name}}', { name }) : t('collapse {{name}}', { name }) },
  );
