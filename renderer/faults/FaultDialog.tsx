import { Modal } from '@mantine/core';
import { listed } from '../i18n/list.ts';
import { t, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { closeFaults, useSession } from '../stores/session.ts';
import { FaultMenu } from './FaultMenu.tsx';
import { edgesOf, type FaultScope } from './scope.ts';

/** The fault menu over the canvas, for what is selected or for everything. */
export function FaultDialog() {
  const t = useT();
  const scope = useSession((state) => state.faultScope);
  const title = useDocument(({ document }) => {
    if (!scope) return '';
    switch (scope.type) {
      case 'node':
        return document.nodes.find(({ id }) => id === scope.node)?.name ?? scope.node;
      case 'edge':
        return t('the connection {{edge}}', { edge: scope.edge });
      case 'group':
        return document.groups.find(({ id }) => id === scope.group)?.name ?? scope.group;
      case 'several':
        return severalText(scope, edgesOf(scope, document).length);
      case 'document':
        return t('everything');
    }
  });
  return (
    <Modal
      opened={scope !== null}
      onClose={closeFaults}
      title={<b>{t('Faults on {{title}}', { title })}</b>}
      size={460}
      closeButtonProps={{ 'aria-label': t('Close') }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {scope && <FaultMenu scope={scope} focus />}
    </Modal>
  );
}

function severalText({ nodes, edges }: Extract<FaultScope, { type: 'several' }>, connections: number): string {
  const lines = t('{{count}} connections', { count: connections });
  if (edges.length > 0 && nodes.length === 0) return lines;
  return listed([t('{{count}} nodes', { count: nodes.length }), lines]);
}
