import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { fieldOf } from './form/fields.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import { sharedValue, shortValue } from './shared-fields.ts';

type Config = Record<string, unknown>;

interface Props {
  /** What they are, for the name of an edit: "3 services". */
  what: string;
  schema: z.ZodType;
  configs: readonly Config[];
  /** Changes the config of each of them. */
  change(document: ArchipelDocument, change: (config: Config) => Config): ArchipelDocument;
}

/** The fields of several things of one kind: what is the same in all is edited in all at once; what differs says how. */
export function SharedForm({ what, schema, configs, change }: Props) {
  const t = useT();
  const problems = useProblems(({ errors }) => errors);
  /** Mixed fields that are to be set anew; nothing changes until a value is given. */
  const [asked, setAsked] = useState<readonly string[]>([]);
  const form = fieldOf(schema);
  if (form.type !== 'object') return null;
  const shared = form.fields.map(({ key, field }) => ({ key, field, ...sharedValue(configs, key) }));
  const mixed = shared.flatMap((field) => (field.mixed ? [field] : []));
  const same = Object.fromEntries(shared.flatMap((field) => (field.mixed ? [] : [[field.key, field.value]])));
  const setAll = (path: ValuePath, value: unknown) =>
    edit((document) => change(document, (config) => withValueAt(config, path, value)), {
      step: `shared ${what} ${path.join(' ')}`,
      name: t('change {{what}}', { what }),
    });
  return (
    <Stack gap="sm">
      {mixed.map(({ key, field, values }) => (
        <Group key={key} gap="xs" justify="space-between" wrap="nowrap" data-testid={`mixed-${key}`}>
          <div>
            <Text size="xs" fw={500}>
              {said(field.label)}
            </Text>
            <Text size="xs" c="dimmed">
              {t('Mixed: {{values}}', { values: values.map((value) => shortValue(value, field.fallback)).join(', ') })}
            </Text>
          </div>
          {!asked.includes(key) && (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('Set {{label}} in all', { label: said(field.label) })}
              onClick={() => setAsked([...asked, key])}
            >
              {t('Set')}
            </Button>
          )}
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('Same for all: {{label}}', { label: said(field.label) })}
            onClick={() => {
              setAll([key], configs[0]?.[key]);
              closeStep();
            }}
          >
            {t('Same for all')}
          </Button>
        </Group>
      ))}
      <SchemaForm
        schema={schema}
        value={same}
        problems={problems}
        root="$.selection"
        onChange={setAll}
        onLeave={closeStep}
        omit={mixed.map(({ key }) => key).filter((key) => !asked.includes(key))}
      />
    </Stack>
  );
}
