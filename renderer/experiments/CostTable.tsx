import { Table, Text } from '@mantine/core';
import type { RunCosts } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatMoney, formatQuantity } from '../ui/money.ts';
import { BreakEvenPlot } from './BreakEvenPlot.tsx';

/** What a run cost, item by item, and from which rate on a machine that is always on would be cheaper. */
export function CostTable({ costs }: { costs: RunCosts }) {
  const t = useT();
  const rows = Object.entries(costs.nodes).flatMap(([id, { lines }]) =>
    lines.filter(({ quantity }) => quantity > 0).map((line) => ({ id, ...line })),
  );
  return (
    <section data-testid="costs" aria-label={t('Costs')}>
      <Text size="sm" fw={600} mt="md">
        {t('Costs')}
      </Text>
      <Text size="xs" data-testid="cost-in-all">
        {t('{{amount}} in all, {{month}} in a month that went on like this · {{sheet}}, {{day}}', {
          amount: formatMoney(costs.amount),
          month: costs.perMonth === null ? '–' : formatMoney(costs.perMonth),
          sheet: costs.sheet.title,
          day: costs.sheet.asOf,
        })}
        {costs.sheet.isEdited && ` · ${t('changed in the document')}`}
      </Text>
      <Table fz="xs" verticalSpacing={3} horizontalSpacing={6} mt={4}>
        <Table.Thead>
          <Table.Tr>
            {[t('Node'), t('Billed for'), t('Quantity'), t('Price'), t('Amount'), t('Counted in the run')].map(
              (head) => (
                <Table.Th key={head}>{head}</Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ id, item, quantity, unit, price, amount, from }) => (
            <Table.Tr key={`${id} ${item}`}>
              <Table.Td fw={600} data-short>
                {id}
              </Table.Td>
              <Table.Td>{said(item)}</Table.Td>
              <Table.Td data-short>
                {formatQuantity(quantity)} {said(unit)}
              </Table.Td>
              <Table.Td data-short>{formatMoney(price)}</Table.Td>
              <Table.Td data-short>{formatMoney(amount)}</Table.Td>
              <Table.Td>
                <code>{from}</code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {Object.entries(costs.breakEven).map(([id, breakEven]) => (
        <BreakEvenPlot key={id} node={id} breakEven={breakEven} />
      ))}
    </section>
  );
}
