import { ActionIcon, Tabs, Text, TextInput, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useCallback } from 'react';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { SendRequestButton } from '../requests/SendRequestButton.tsx';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { changeNode, remove } from '../stores/document-edits.ts';
import { useProblems } from '../stores/problems.ts';
import { select, useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import { ConnectionsOf } from './ConnectionsOf.tsx';
import { choicesForNode } from './choices.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import classes from './Inspector.module.css';
import { LockButton } from './LockButton.tsx';
import { NodeLive } from './NodeLive.tsx';

export function NodeInspector({ node }: { node: ArchipelNode }) {
  const t = useT();
  const { id } = node;
  const readOnly = useReadOnly();
  const kind = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === node.kind);
  const index = useDocument(({ document }) => document.nodes.findIndex((other) => other.id === id));
  const problems = useProblems(({ errors }) => errors);
  const tab = useSession((state) => state.nodeTab);
  const nameProblem = problems.find(({ path }) => path === `$.nodes[${index}].name`);

  const change = useCallback(
    (path: ValuePath, value: unknown) =>
      edit(
        (document) =>
          changeNode(document, id, (before) => ({ ...before, config: withValueAt(before.config, path, value) })),
        {
          step: `config ${id} ${path.join(' ')}`,
        },
      ),
    [id],
  );

  return (
    <>
      <div className={classes.head}>
        <KindIcon kind={node.kind} size={38} />
        <TextInput
          style={{ flex: 1 }}
          size="sm"
          aria-label={t('Name')}
          data-part="name"
          disabled={readOnly}
          value={node.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            edit((document) => changeNode(document, id, (before) => ({ ...before, name })), { step: `name ${id}` });
          }}
          onBlur={closeStep}
          error={nameProblem && said(nameProblem.message)}
          styles={{ input: { fontWeight: 600 } }}
        />
        <LockButton part={id} name={node.name} locked={node.locked === true} />
        <Tooltip label={t('Remove this node and its connections (Delete)')}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('Remove {{name}}', { name: node.name })}
            disabled={node.locked === true}
            onClick={() => {
              edit((document) => remove(document, { nodes: [id] }));
              select({});
            }}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => useSession.setState({ nodeTab: value === 'live' ? 'live' : 'settings' })}
        className={classes.tabs}
      >
        <Tabs.List px={14}>
          <Tabs.Tab value="settings">{t('Settings')}</Tabs.Tab>
          <Tabs.Tab value="live">{t('Live and faults')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="settings" className={classes.body}>
          <Text size="xs" c="dimmed" mb="sm">
            <b>{kind ? said(kind.title) : node.kind}</b> · <code>{id}</code>
            <br />
            {kind && said(kind.help)}
            {kind && <Fidelity {...kind.fidelity} />}
          </Text>
          {kind && (
            <SchemaForm
              schema={kind.config}
              value={node.config}
              problems={problems}
              root={`$.nodes[${index}].config`}
              onChange={change}
              onLeave={closeStep}
              choices={choicesForNode(id)}
            />
          )}
          <ConnectionsOf node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="live" className={classes.body}>
          <SendRequestButton to={{ node: id }} />
          <NodeLive node={node} measures={kind?.measures ?? []} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** What of a node is real, and what is modelled. */
function Fidelity({ real, modelled }: KindDefinition['fidelity']) {
  const t = useT();
  return (
    <>
      <br />
      {t('Real: {{what}}.', { what: real.map(said).join(', ') })}
      {modelled.length > 0 && ` ${t('Modelled: {{what}}.', { what: modelled.map(said).join(', ') })}`}
    </>
  );
}
