import { Button, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useReplaying } from '../stores/replay.ts';
import { openRequest } from './request-store.ts';
import { httpEdges, pathsAlong, protocolAt } from './targets.ts';

/** Opens the form for a request by hand along an edge, or to a node along the first edge that leads to it. */
export function SendRequestButton({ to }: { to: { edge: string } | { node: string } }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const replaying = useReplaying();
  const target = 'node' in to ? to.node : (document.edges.find(({ id }) => id === to.edge)?.target ?? '');
  const protocol = protocolAt(document, target);
  if (protocol === null || replaying) return null;
  const edge = httpEdges(document).find((other) => ('edge' in to ? other.id === to.edge : other.target === to.node));
  if (!edge)
    return (
      <Text size="xs" c="dimmed" mt="xs">
        {protocol === 'http'
          ? t('No request can be sent by hand: nothing calls this node. Connect a client to it.')
          : t('Requests by hand are HTTP only, and this speaks {{protocol}}.', { protocol })}
      </Text>
    );
  return (
    <Button
      size="compact-xs"
      variant="light"
      mt="xs"
      leftSection={<IconSend size={13} />}
      onClick={() => openRequest(edge.id, pathsAlong(document, edge.id)[0])}
    >
      {t('Send a request…')}
    </Button>
  );
}
