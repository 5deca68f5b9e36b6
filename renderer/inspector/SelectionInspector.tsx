import { ActionIcon, Button, Group, Stack, Text, Tooltip } from '@mantine/core';
import {
  IconLayoutAlignBottom,
  IconLayoutAlignCenter,
  IconLayoutAlignLeft,
  IconLayoutAlignMiddle,
  IconLayoutAlignRight,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
  IconLock,
  IconSitemap,
  IconTrash,
} from '@tabler/icons-react';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import { edgeConfigSchema } from '../../engine/model/edge.ts';
import { action, perform, shortcutOf } from '../actions/registry.ts';
import { removeSelection } from '../canvas/clipboard.ts';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { scopeOf } from '../faults/scope.ts';
import { useDocument } from '../stores/document.ts';
import { changeEdge, changeNode } from '../stores/document-edits.ts';
import classes from './Inspector.module.css';
import { SharedForm } from './SharedForm.tsx';

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const arrangements = [
  ['align-left', IconLayoutAlignLeft],
  ['align-centre', IconLayoutAlignCenter],
  ['align-right', IconLayoutAlignRight],
  ['align-top', IconLayoutAlignTop],
  ['align-middle', IconLayoutAlignMiddle],
  ['align-bottom', IconLayoutAlignBottom],
  ['distribute-x', IconLayoutDistributeVertical],
  ['distribute-y', IconLayoutDistributeHorizontal],
  ['tidy-selection', IconSitemap],
  ['lock', IconLock],
] as const;

export function SelectionInspector({ nodes, edges }: { nodes: readonly string[]; edges: readonly string[] }) {
  const parts = nodes.some((key) => key.includes('/')) ? 'part' : 'node';
  const what = [
    nodes.length > 0 && counted(nodes.length, parts),
    edges.length > 0 && counted(edges.length, 'connection'),
  ]
    .filter(Boolean)
    .join(' and ');
  return (
    <div className={classes.body}>
      <Stack>
        <Text fw={600} size="sm">
          {what} selected
        </Text>
        {nodes.length > 1 && (
          <Group gap={4} role="toolbar" aria-label="Arrange">
            {arrangements.map(([id, Icon]) => (
              <Arrangement key={id} id={id} Icon={Icon} />
            ))}
          </Group>
        )}
        <Button
          variant="light"
          color="red"
          size="xs"
          leftSection={<IconTrash size={15} />}
          onClick={() => removeSelection()}
        >
          Remove {what}
        </Button>
        <Shared nodes={nodes} edges={edges} />
        <Text size="xs" fw={600}>
          Faults on all of them
        </Text>
        <FaultMenu scope={scopeOf({ nodes, edges })} />
      </Stack>
    </div>
  );
}

function Arrangement({ id, Icon }: { id: string; Icon: typeof IconLock }) {
  const { title, disabled } = action(id);
  const why = disabled?.() ?? null;
  return (
    <Tooltip label={why ?? `${title} (${shortcutOf(id)})`}>
      <ActionIcon
        variant="default"
        aria-label={title}
        aria-disabled={why !== null}
        data-disabled={why !== null || undefined}
        onClick={() => perform(id)}
      >
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Of nodes of one kind, or of connections alone: their settings, all at once. */
function Shared({ nodes, edges }: { nodes: readonly string[]; edges: readonly string[] }) {
  const document = useDocument((state) => state.document);
  if (nodes.length === 0) {
    const found = document.edges.filter(({ id }) => edges.includes(id));
    return (
      <SharedForm
        what={counted(found.length, 'connection')}
        schema={edgeConfigSchema}
        configs={found.map(({ config }) => config)}
        change={(before, change) =>
          edges.reduce(
            (grown, id) =>
              changeEdge(grown, id, (edge) => ({ ...edge, config: change(edge.config) as typeof edge.config })),
            before,
          )
        }
      />
    );
  }
  const found = document.nodes.filter(({ id }) => nodes.includes(id));
  const kind = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === found[0]?.kind);
  if (!kind || edges.length > 0 || found.length !== nodes.length || found.some((node) => node.kind !== kind.kind))
    return (
      <Text size="xs" c="dimmed">
        Cards of one kind, or connections alone, can be set all at once.
      </Text>
    );
  return (
    <SharedForm
      what={counted(found.length, kind.title.toLowerCase())}
      schema={kind.config}
      configs={found.map(({ config }) => config)}
      change={(before, change) =>
        nodes.reduce((grown, id) => changeNode(grown, id, (node) => ({ ...node, config: change(node.config) })), before)
      }
    />
  );
}
