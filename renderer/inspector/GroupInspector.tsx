import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useCallback } from 'react';
import { type ArchipelGroup, budgetSchema, nodesWithin } from '../../engine/model/groups.ts';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { places } from '../palette/places.ts';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { changeGroup, groupKey, removeGroups } from '../stores/group-edits.ts';
import { useProblems } from '../stores/problems.ts';
import { select } from '../stores/session.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import classes from './Inspector.module.css';
import { LockButton } from './LockButton.tsx';

export function GroupInspector({ group }: { group: ArchipelGroup }) {
  const t = useT();
  const { id } = group;
  const index = useDocument(({ document }) => document.groups.findIndex((other) => other.id === id));
  const members = useDocument(({ document }) => nodesWithin(document, id).length);
  const problems = useProblems(({ errors }) => errors);
  const changeBudget = useCallback(
    (path: ValuePath, value: unknown) =>
      edit(
        (document) =>
          changeGroup(document, id, (before) => ({
            ...before,
            budget: withValueAt(before.budget, path, value) as ArchipelGroup['budget'],
          })),
        { step: `budget ${id} ${path.join(' ')}` },
      ),
    [id],
  );
  const place = places.find(({ kind }) => kind === group.kind);
  const remove = (withNodes: boolean) => {
    edit((document) => removeGroups(document, [id], withNodes));
    select({});
  };
  return (
    <>
      <div className={classes.head}>
        <TextInput
          style={{ flex: 1 }}
          size="sm"
          aria-label={t('Name')}
          data-part="name"
          value={group.name}
          onChange={(event) => {
            const name = event.currentTarget.value;
            edit((document) => changeGroup(document, id, (before) => ({ ...before, name })), { step: `name ${id}` });
          }}
          onBlur={closeStep}
          error={said(problems.find(({ path }) => path === `$.groups[${index}].name`)?.message ?? '') || undefined}
          styles={{ input: { fontWeight: 600 } }}
        />
        <LockButton part={groupKey(id)} name={group.name} locked={group.locked === true} />
        <Tooltip label={t('Remove this frame; its nodes stay (Delete)')}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('Remove {{name}}', { name: group.name })}
            disabled={group.locked === true}
            onClick={() => remove(false)}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        <Stack gap="md">
          <Text size="xs" c="dimmed">
            <b>{place && t(place.title)}</b> · <code>{id}</code> · {t('{{count}} nodes', { count: members })}
            <br />
            {group.kind === 'team'
              ? place && t(place.help)
              : t(
                  'Slots are enforced: what does not fit is not started. Memory is measured and watched. The processor is that of your machine, shared by all.',
                )}
          </Text>
          {group.kind !== 'team' && (
            <SchemaForm
              schema={budgetSchema}
              value={group.budget}
              problems={problems}
              root={`$.groups[${index}].budget`}
              onChange={changeBudget}
              onLeave={closeStep}
            />
          )}
          <Stack gap={6}>
            <Text size="xs" fw={600}>
              {t('Faults')}
            </Text>
            <FaultMenu scope={{ type: 'group', group: id }} />
          </Stack>
          {members > 0 && (
            <Group>
              <Button size="xs" variant="subtle" color="red" onClick={() => remove(true)}>
                {t('Remove with its {{count}} nodes', { count: members })}
              </Button>
            </Group>
          )}
        </Stack>
      </div>
    </>
  );
}
