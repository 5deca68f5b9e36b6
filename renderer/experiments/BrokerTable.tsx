import { Table } from '@mantine/core';
import type { BrokerResult } from '../../engine/api/types.ts';
import { brokerFigures } from '../../engine/model/broker-figures.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatMeasure } from '../ui/format.ts';

/** The brokers of a run side by side, a figure in each row. */
export function BrokerTable({ brokers }: { brokers: readonly BrokerResult[] }) {
  const t = useT();
  if (brokers.length === 0) return null;
  return (
    <Table fz="xs" verticalSpacing={3} horizontalSpacing={6} mt={8} w="auto" data-testid="brokers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('Broker')}</Table.Th>
          {brokers.map(({ broker }) => (
            <Table.Th key={broker} ta="right">
              {broker}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {brokerFigures.map(({ id, title, help, unit }) => (
          <Table.Tr key={id} title={said(help)}>
            <Table.Td fw={600}>{said(title)}</Table.Td>
            {brokers.map(({ broker, figures }) => (
              <Table.Td key={broker} ta="right" data-short>
                {formatMeasure(figures[id], unit)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
