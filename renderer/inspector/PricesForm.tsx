import { NumberInput, Select, Stack, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { kinds } from '../../engine/kinds/index.ts';
import { jsonPath } from '../../engine/model/json-path.ts';
import {
  effectivePrices,
  priceSheets,
  pricesSchema,
  type UnitPrice,
  unitPrices,
} from '../../engine/model/price-sheet.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { useReadOnly } from '../stores/trust.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { plainMoney } from '../ui/money.ts';
import { Fold } from './Fold.tsx';
import classes from './PricesForm.module.css';

const unchanged = pricesSchema.parse({});

const change = (path: ValuePath, value: unknown): void =>
  edit((document) => ({ ...document, prices: withValueAt(document.prices ?? unchanged, path, value) }), {
    step: `prices.${path.join('.')}`,
  });

const titleOfKind = (kind: string): string => {
  const definition = kinds.find((candidate) => candidate.kind === kind);
  return definition ? said(definition.title) : kind;
};

/** What runs of this document cost: whose prices, and what is different here. An empty field stands for the price in it. */
export function PricesForm() {
  const t = useT();
  const prices = useDocument((state) => state.document.prices);
  const nodes = useDocument((state) => state.document.nodes);
  const problems = useProblems(({ errors }) => errors);
  const readOnly = useReadOnly();
  const { sheet } = effectivePrices(prices);
  const ofKinds = effectivePrices(prices && { ...prices, nodes: {} });
  const { hourly = {}, nodes: ofNodes = {}, unit = {} } = prices ?? {};
  const kindsByHour = [...new Set([...Object.keys(sheet.hourly), ...Object.keys(hourly)])];
  const nodesByHour = [
    ...nodes.filter((node) => ofKinds.hourly(node) !== null || node.id in ofNodes),
    // What is no node any more is a problem that can be mended here.
    ...Object.keys(ofNodes)
      .filter((id) => !nodes.some((node) => node.id === id))
      .map((id) => ({ id, name: id, kind: '' })),
  ];
  return (
    <Fold title={t('Prices')} invalid={problems.some(({ path }) => path.startsWith('$.prices'))}>
      <fieldset disabled={readOnly} className={classes.fields}>
        <Stack gap="xs">
          <Select
            size="xs"
            label={t('Price sheet')}
            description={t('List prices in {{currency}}, of {{day}}. What is left empty costs what the sheet says.', {
              currency: sheet.currency,
              day: sheet.asOf,
            })}
            data={priceSheets.map(({ id, title, asOf }) => ({ value: id, label: `${title}, ${asOf}` }))}
            value={sheet.id}
            allowDeselect={false}
            onChange={(id) => change(['sheet'], id)}
          />
          <Prices title={t('What is executed')}>
            {(Object.keys(unitPrices) as UnitPrice[]).map((id) => (
              <Price
                key={id}
                path={['unit', id]}
                label={said(unitPrices[id])}
                value={unit[id]}
                otherwise={sheet.unit[id]}
              />
            ))}
          </Prices>
          <Prices title={t('A replica by the hour, by its kind')}>
            {kindsByHour.map((kind) => (
              <Price
                key={kind}
                path={['hourly', kind]}
                label={titleOfKind(kind)}
                value={hourly[kind]}
                otherwise={sheet.hourly[kind]?.price}
                help={said(sheet.hourly[kind]?.machine ?? '')}
              />
            ))}
          </Prices>
          {nodesByHour.length > 0 && (
            <Prices title={t('A replica by the hour, of one node')}>
              {nodesByHour.map((node) => (
                <Price
                  key={node.id}
                  path={['nodes', node.id]}
                  label={node.name}
                  value={ofNodes[node.id]}
                  otherwise={ofKinds.hourly(node)?.price}
                />
              ))}
            </Prices>
          )}
          <Text size="xs" c="dimmed" className={classes.sources}>
            {t('As published at {{where}}', {
              where: sheet.sources.map((url) => url.replace(/^https:\/\//, '')).join(', '),
            })}
          </Text>
        </Stack>
      </fieldset>
    </Fold>
  );
}

function Prices({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset aria-label={title} className={classes.fields}>
      <Text size="xs" fw={600} mb={4}>
        {title}
      </Text>
      <Stack gap={4}>{children}</Stack>
    </fieldset>
  );
}

interface PriceProps {
  path: ValuePath;
  label: string;
  value: number | undefined;
  /** What it costs where the document says nothing. */
  otherwise: number | undefined;
  help?: string | undefined;
}

function Price({ path, label, value, otherwise, help }: PriceProps) {
  useT();
  const field = useId();
  const at = jsonPath(['prices', ...path], '$');
  const problem = useProblems(({ errors }) => errors.find((each) => each.path === at));
  return (
    <div className={classes.price} title={help}>
      <label htmlFor={field}>{label}</label>
      <NumberInput
        id={field}
        size="xs"
        value={value ?? ''}
        placeholder={otherwise === undefined ? undefined : plainMoney(otherwise)}
        prefix="$"
        hideControls
        min={0}
        clampBehavior="none"
        error={problem && `${said(problem.message)}. ${said(problem.nextStep)}`}
        onChange={(next) => change(path, next === '' ? undefined : next)}
        onBlur={closeStep}
      />
    </div>
  );
}
