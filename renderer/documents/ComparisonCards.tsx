import { Group, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ComparisonTemplate } from '../../engine/api/engine.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { openTemplate } from './file-actions.ts';
import { Preview } from './TemplateCards.tsx';
import classes from './TemplateGallery.module.css';

/** Comparisons that come with Archipel: two documents side by side. Nothing where there are none. */
export function ComparisonCards({ onOpen }: { onOpen?(): void }) {
  const t = useT();
  const comparisons = useComparisonTemplates();
  if (comparisons.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600} mt="lg" mb={6}>
        {t('Two documents compared')}
      </Text>
      <SimpleGrid cols={1} spacing="sm">
        {comparisons.map(({ path, title, statement, a, b }) => (
          <UnstyledButton
            key={path}
            className={classes.template}
            onClick={() => {
              onOpen?.();
              openTemplate(path);
            }}
          >
            <span className="visually-hidden">{t('Open comparison')}</span>
            <Group grow>
              <Preview document={a} />
              <Preview document={b} />
            </Group>
            <Text fw={600} size="sm" mt={6}>
              {said(title)}
            </Text>
            <Text c="dimmed" size="xs" mt={3} lineClamp={3}>
              {said(statement)}
            </Text>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </>
  );
}

function useComparisonTemplates(): readonly ComparisonTemplate[] {
  const online = useConnection(({ state }) => state === 'online');
  const [comparisons, setComparisons] = useState<readonly ComparisonTemplate[]>([]);
  useEffect(() => {
    if (!online) return;
    let current = true;
    engine.documents.comparisonTemplates.query().then(
      (answer) => current && setComparisons(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [online]);
  return comparisons;
}
