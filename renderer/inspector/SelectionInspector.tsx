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
import { Fold } from './Fold.tsx';
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

/** The settings of all nodes of each kind at once, and those of all connections. */
function Shared({ nodes, edges }: { nodes: readonly string[]; edges: readonly string[] }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const foundEdges = document.edges.filter(({ id }) => edges.includes(id));
  const found = document.nodes.filter(({ id }) => nodes.includes(id));
  const kindsFound = (kinds as readonly KindDefinition[]).filter(({ kind }) =>
    found.some((node) => node.kind === kind),
  );
  const isAlone = kindsFound.length + Math.min(1, foundEdges.length) === 1;
  const connections = t('{{count}} connections', { count: foundEdges.length });
  return (
    <>
      {kindsFound.map(({ kind, title, config }) => {
        const ofKind = found.filter((node) => node.kind === kind);
        const what = `${ofKind.length} × ${said(title)}`;
        return (
          <Fold key={kind} title={t('Settings of {{what}}', { what })} startsOpen={isAlone}>
            <SharedForm
              what={what}
              schema={config}
              configs={ofKind.map((node) => node.config)}
              change={(before, change) =>
                ofKind.reduce(
                  (grown, { id }) => changeNode(grown, id, (node) => ({ ...node, config: change(node.config) })),
                  before,
                )
              }
            />
          </Fold>
        );
      })}
      {foundEdges.length > 0 && (
        <Fold title={t('Settings of {{what}}', { what: connections })} startsOpen={isAlone}>
          <SharedForm
            what={connections}
            schema={edgeConfigSchema}
            configs={foundEdges.map(({ config }) => config)}
            change={(before, change) =>
              foundEdges.reduce(
                (grown, { id }) =>
                  changeEdge(grown, id, (edge) => ({ ...edge, config: change(edge.config) as typeof edge.config })),
                before,
              )
            }
          />
        </Fold>
      )}
    </>
  );
}
