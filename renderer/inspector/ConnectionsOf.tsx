import { Anchor, Group, Select, Stack, Text } from '@mantine/core';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { mayHaveEdges } from '../../engine/model/graph.ts';
import { tryConnect } from '../canvas/connecting.ts';
import { refusal } from '../canvas/connection-rules.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { select } from '../stores/session.ts';

/** The connections of a node, and a way to make one without dragging. */
export function ConnectionsOf({ node }: { node: ArchipelNode }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const kind = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === node.kind);
  const nameOf = (id: string) => document.nodes.find((other) => other.id === id)?.name ?? id;
  const touching = document.edges.filter((edge) => edge.source === node.id || edge.target === node.id);
  const targets = document.nodes.filter((other) => refusal(document, { source: node.id, target: other.id }) === null);
  return (
    <Stack gap={6} mt="lg">
      <Text size="xs" fw={600}>
        {t('Connections')}
      </Text>
      {touching.map((edge) => (
        <Group key={edge.id} gap={6} wrap="nowrap">
          <Anchor component="button" type="button" size="xs" onClick={() => select({ edges: [edge.id] })}>
            {edge.source === node.id ? `→ ${nameOf(edge.target)}` : `← ${nameOf(edge.source)}`}
          </Anchor>
          <Text size="xs" c="dimmed" truncate>
            {edge.id}
          </Text>
        </Group>
      ))}
      {kind && mayHaveEdges(kind) && (
        <Select
          size="xs"
          aria-label={t('Connect {{name}} to', { name: node.name })}
          placeholder={targets.length > 0 ? t('Connect to…') : t('Nothing here that it could call')}
          disabled={targets.length === 0}
          data={targets.map((target) => ({ value: target.id, label: target.name }))}
          value={null}
          onChange={(target) => target && tryConnect({ source: node.id, target })}
        />
      )}
    </Stack>
  );
}
