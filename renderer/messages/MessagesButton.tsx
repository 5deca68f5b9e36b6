import { Button, Modal } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useState } from 'react';
import type { QueueStatus } from '../../engine/api/types.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { useT } from '../i18n/t.ts';
import { destinationsOf } from '../requests/targets.ts';
import { useDocument } from '../stores/document.ts';
import { MessageBrowser } from './MessageBrowser.tsx';

/** Opens what lies in a broker that runs. */
export function MessagesButton({ node, queues }: { node: ArchipelNode; queues: readonly QueueStatus[] }) {
  const t = useT();
  const [opened, setOpened] = useState(false);
  const destinations = useDocument(({ document }) => destinationsOf(document, node.id).length);
  if (destinations === 0) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="light"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconMessages size={13} />}
        onClick={() => setOpened(true)}
      >
        {t('Messages…')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={<b>{t('Messages in {{name}}', { name: node.name })}</b>}
        size={1100}
        closeButtonProps={{ 'aria-label': t('Close') }}
      >
        <MessageBrowser broker={node.id} queues={queues} onLeave={() => setOpened(false)} />
      </Modal>
    </>
  );
}
