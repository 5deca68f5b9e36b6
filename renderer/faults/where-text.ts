import type { FaultTarget, Selector } from '../../engine/model/fault.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { percent } from '../ui/format.ts';

/** Where a fault acts, with the names that people gave: "Orders, replica 1", "zone-a (50 %)", "everything (one)". */
export function whereText(target: FaultTarget): string {
  const { nodes, groups } = useDocument.getState().document;
  const nameOf = (parts: readonly { id: string; name: string }[], own: string) =>
    parts.find(({ id }) => id === own)?.name ?? own;
  if ('edge' in target) return target.edge;
  if ('node' in target && target.select === undefined)
    return t('{{name}}, replica {{replica}}', { name: nameOf(nodes, target.node), replica: target.replica });
  const place =
    'edges' in target
      ? target.edges.join('+')
      : 'group' in target
        ? nameOf(groups, target.group)
        : 'topology' in target
          ? t('everything')
          : nameOf(nodes, target.node);
  return target.select === undefined ? place : `${place} (${selectorText(target.select)})`;
}

function selectorText(select: Selector): string {
  if (select === 'one') return t('one');
  if (select === 'all') return t('all');
  return 'fixed' in select ? String(select.fixed) : percent(select.percent);
}
