import { Button, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useReplaying } from '../stores/replay.ts';
import { openRequest } from './request-store.ts';
import { edgesByHand, pathsAlong, protocolAlong, protocolAt, publishes } from './targets.ts';

/** Opens the form for a request or a message by hand along an edge, or to a node along the first edge that leads to it. */
export function SendRequestButton({ to }: { to: { edge: string } | { node: string } }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const replaying = useReplaying();
  const named = 'edge' in to ? document.edges.find(({ id }) => id === to.edge) : undefined;
  const protocol = 'node' in to ? protocolAt(document, to.node) : named ? protocolAlong(document, named) : null;
  if (protocol === null || replaying) return null;
  const edge = edgesByHand(document).find((other) => ('edge' in to ? other.id === to.edge : other.target === to.node));
  if (!edge)
    return (
      <Text size="xs" c="dimmed" my="xs">
        {protocol === 'http'
          ? t('No request can be sent by hand: nothing calls this node. Connect a client to it.')
          : t('What is sent by hand is an HTTP request or a message to a broker, and this speaks {{protocol}}.', {
              protocol,
            })}
      </Text>
    );
  return (
    <Button
      size="compact-xs"
      variant="light"
      my="xs"
      leftSection={<IconSend size={13} />}
      onClick={() => openRequest(edge.id, pathsAlong(document, edge.id)[0])}
    >
      {publishes(document, edge) ? t('Publish a message…') : t('Send a request…')}
    </Button>
  );
}
