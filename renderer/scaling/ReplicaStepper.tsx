import { ActionIcon, Group, Text } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import type { NodeStatus } from '../../engine/api/types.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { replicaCounting } from '../../engine/model/replica-count.ts';
import { useT } from '../i18n/t.ts';
import { useReadOnly } from '../stores/trust.ts';
import { MOST_REPLICAS, stepReplicas, whyNotScaled } from './scaling-actions.ts';

/** Adds and takes away replicas while they run. */
export function ReplicaStepper({
  node,
  kind,
  status,
}: {
  node: ArchipelNode;
  kind: KindDefinition;
  status: NodeStatus;
}) {
  const t = useT();
  const readOnly = useReadOnly();
  const { besides } = replicaCounting(kind);
  const desired = status.desiredReplicas - besides;
  const ready = status.replicas.filter(({ state, role }) => state === 'ready' && role === 'live').length;
  const why = whyNotScaled(status);
  const blocked = readOnly || why !== null;
  return (
    <Group gap={8} wrap="nowrap" data-testid="replica-stepper">
      <Text size="xs" fw={600} style={{ flex: 1 }}>
        {t('Replicas')}{' '}
        <Text span size="xs" c="dimmed">
          {t('{{number}} of {{whole}} ready', { number: ready, whole: status.desiredReplicas })}
          {why && ` · ${why}`}
        </Text>
      </Text>
      <ActionIcon
        size="sm"
        variant="default"
        aria-label={t('One replica of {{name}} less', { name: node.name })}
        disabled={blocked || desired <= 0}
        onClick={() => void stepReplicas(kind, status, -1)}
      >
        <IconMinus size={13} />
      </ActionIcon>
      <Text size="sm" fw={600} w={22} ta="center" aria-live="polite" data-testid="desired-replicas">
        {desired}
      </Text>
      <ActionIcon
        size="sm"
        variant="default"
        aria-label={t('One replica of {{name}} more', { name: node.name })}
        disabled={blocked || desired >= MOST_REPLICAS}
        onClick={() => void stepReplicas(kind, status, 1)}
      >
        <IconPlus size={13} />
      </ActionIcon>
    </Group>
  );
}
