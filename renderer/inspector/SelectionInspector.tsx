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
import { titleOf } from '../actions/action.ts';
import { action, perform, shortcutOf } from '../actions/registry.ts';
import { removeSelection } from '../canvas/clipboard.ts';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { scopeOf } from '../faults/scope.ts';
import { listed } from '../i18n/list.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { changeEdge, changeNode } from '../stores/document-edits.ts';
import classes from './Inspector.module.css';
import { SharedForm } from './SharedForm.tsx';

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
  const t = useT();
  const parts = nodes.some((key) => key.includes('/'))
    ? t('{{count}} parts', { count: nodes.length })
    : t('{{count}} nodes', { count: nodes.length });
  const what = listed([
    ...(nodes.length > 0 ? [parts] : []),
    ...(edges.length > 0 ? [t('{{count}} connections', { count: edges.length })] : []),
  ]);
  return (
    <div className={classes.body}>
      <Stack>
        <Text fw={600} size="sm">
          {t('{{what}} selected', { what })}
        </Text>
        {nodes.length > 1 && (
          <Group gap={4} role="toolbar" aria-label={t('Arrange')}>
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
          {t('Remove {{what}}', { what })}
        </Button>
        <Shared nodes={nodes} edges={edges} />
        <Text size="xs" fw={600}>
          {t('Faults on all of them')}
        </Text>
        <FaultMenu scope={scopeOf({ nodes, edges })} />
      </Stack>
    </div>
  );
}

function Arrangement({ id, Icon }: { id: string; Icon: typeof IconLock }) {
  const found = action(id);
  const title = titleOf(found);
  const why = found.disabled?.() ?? null;
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
  const t = useT();
  const document = useDocument((state) => state.document);
  if (nodes.length === 0) {
    const found = document.edges.filter(({ id }) => edges.includes(id));
    return (
      <SharedForm
        what={t('{{count}} connections', { count: found.length })}
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
        {t('Cards of one kind, or connections alone, can be set all at once.')}
      </Text>
    );
  return (
    <SharedForm
      what={`${found.length} × ${said(kind.title)}`}
      schema={kind.config}
      configs={found.map(({ config }) => config)}
      change={(before, change) =>
        nodes.reduce((grown, id) => changeNode(grown, id, (node) => ({ ...node, config: change(node.config) })), before)
      }
    />
  );
}
