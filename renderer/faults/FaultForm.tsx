import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import { said } from '../i18n/said.ts';
import { key, useT } from '../i18n/t.ts';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { CourseFields } from './CourseFields.tsx';
import { injectDraft, problemsOfDraft, useDraft } from './drafts.ts';
import type { FaultEntry } from './fault-menu.ts';
import type { FaultScope } from './scope.ts';
import { WhereFields } from './WhereFields.tsx';

const leases = [
  { value: '5000', label: key('5 s') },
  { value: '15000', label: key('15 s') },
  { value: '60000', label: key('1 min') },
  { value: '300000', label: key('5 min') },
  { value: 'kept', label: key('Until taken off') },
];

interface Props {
  entry: FaultEntry;
  scope: FaultScope;
  /** Numbers of the replicas, where the scope is one node. */
  replicas: readonly number[] | null;
  /** Why nothing can be injected now, or null. */
  held: string | null;
}

/** All that a fault can be given: parameters, where, when, for how long. */
export function FaultForm({ entry: { definition, limit, refusal }, scope, replicas, held }: Props) {
  const t = useT();
  const [draft, setDraft] = useDraft(definition, scope);
  const problems = problemsOfDraft(definition, draft);
  const change = useCallback(
    (path: ValuePath, value: unknown) => setDraft({ ...draft, parameters: withValueAt(draft.parameters, path, value) }),
    [draft, setDraft],
  );
  const changeCourse = useCallback(
    (course: Record<string, unknown>) => setDraft({ ...draft, course }),
    [draft, setDraft],
  );
  const reason = refusal ?? held;
  return (
    <Stack gap={8}>
      <Text size="xs" c="dimmed">
        {said(definition.help)}
      </Text>
      {limit && (
        <Alert color="gray" p={6}>
          <Text size="xs">{limit}</Text>
        </Alert>
      )}
      <SchemaForm
        schema={definition.parameters}
        value={draft.parameters}
        problems={problems}
        root="$.parameters"
        onChange={change}
      />
      {scope.type !== 'edge' &&
        definition.target !== 'group' &&
        definition.target !== 'any' &&
        !(definition.target === 'node' && ['node', 'several'].includes(scope.type)) && (
          <WhereFields
            where={draft.where}
            replicas={replicas}
            all={
              definition.target === 'edge'
                ? t('All connections')
                : definition.target === 'node'
                  ? t('All nodes')
                  : scope.type === 'several'
                    ? t('All replicas of each')
                    : t('All replicas')
            }
            onChange={(where) => setDraft({ ...draft, where })}
          />
        )}
      <CourseFields definition={definition} course={draft.course} problems={problems} onChange={changeCourse} />
      <Group gap={6} wrap="nowrap" align="flex-end">
        <Select
          size="xs"
          style={{ flex: 1 }}
          label={t('For')}
          data={leases.map(({ value, label }) => ({ value, label: t(label) }))}
          value={draft.leaseMs === null ? 'kept' : String(draft.leaseMs)}
          onChange={(value) => setDraft({ ...draft, leaseMs: value === 'kept' ? null : Number(value) })}
          allowDeselect={false}
        />
        <Button
          size="xs"
          color="red"
          disabled={reason !== null || problems.length > 0}
          aria-label={t('Inject {{title}} as set', { title: said(definition.title) })}
          onClick={() => void injectDraft(definition, scope)}
        >
          {t('Inject')}
        </Button>
      </Group>
      {reason && (
        <Text size="xs" c="dimmed">
          {reason}
        </Text>
      )}
    </Stack>
  );
}
