import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { Measuring } from './Measuring.tsx';
import { startSweep } from './sweep-actions.ts';

/** Which experiments are left out, kept while the window is open; it stands in no document. */
let leftOut: ReadonlySet<string> = new Set();

/** Several experiments of the document, or all of them, as one job. */
export function BatchPanel() {
  const t = useT();
  const experiments = useDocument(({ document }) => document.experiments);
  const [without, setWithout] = useState(leftOut);
  const leave = (names: ReadonlySet<string>): void => {
    leftOut = names;
    setWithout(names);
  };
  const names = experiments.map(({ name }) => name).filter((name) => !without.has(name));
  return (
    <Measuring
      title={t('Batch of experiments')}
      question={t(
        'Do they all hold? Different experiments one after the other, as one job with a combined verdict, which outlives the window.',
      )}
      is={({ type }) => type === 'batch'}
      refusal={
        experiments.length === 0
          ? t('The document has no experiment.')
          : names.length === 0
            ? t('First choose an experiment.')
            : null
      }
      onRun={() => startSweep((swept) => ({ type: 'batch', of: [{ ...swept, names }] }))}
    >
      <Stack gap={6}>
        <Group gap={6}>
          <Button size="compact-xs" variant="light" onClick={() => leave(new Set())}>
            {t('All')}
          </Button>
          <Button size="compact-xs" variant="light" onClick={() => leave(new Set(experiments.map(({ name }) => name)))}>
            {t('None')}
          </Button>
        </Group>
        {experiments.map(({ name, title }) => (
          <Checkbox
            key={name}
            size="xs"
            label={title || name}
            checked={!without.has(name)}
            onChange={({ currentTarget: { checked } }) => {
              const next = new Set(without);
              if (checked) next.delete(name);
              else next.add(name);
              leave(next);
            }}
          />
        ))}
      </Stack>
    </Measuring>
  );
}
