import { Text } from '@mantine/core';
import { useCallback } from 'react';
import { effectivePrices, pricesSchema } from '../../engine/model/price-sheet.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { Fold } from './Fold.tsx';
import { SchemaForm } from './form/SchemaForm.tsx';

const unchanged = pricesSchema.parse({});

/** What runs of this document cost: whose prices, and what is different here. */
export function PricesForm() {
  const t = useT();
  const prices = useDocument((state) => state.document.prices);
  const problems = useProblems(({ errors }) => errors);
  const { sheet } = effectivePrices(prices);
  const change = useCallback((path: ValuePath, value: unknown) => {
    edit((document) => ({ ...document, prices: withValueAt(document.prices ?? unchanged, path, value) }), {
      step: `prices.${path.join('.')}`,
    });
  }, []);
  return (
    <Fold title={t('Prices')} invalid={problems.some(({ path }) => path.startsWith('$.prices'))}>
      <Text size="xs" c="dimmed" mb="xs">
        {t('List prices of {{provider}}, {{day}}, in {{currency}}. Results tell what each figure of a run costs.', {
          provider: sheet.title,
          day: sheet.asOf,
          currency: sheet.currency,
        })}
      </Text>
      <SchemaForm
        schema={pricesSchema}
        value={prices ?? unchanged}
        problems={problems}
        root="$.prices"
        onChange={change}
        onLeave={closeStep}
      />
    </Fold>
  );
}
