import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  heads: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

/** A table of figures. */
export const Figures = ({ label, heads, rows }: Props) => (
  <Table fz="xs" verticalSpacing={3} horizontalSpacing={8} aria-label={label} mt={8}>
    <Table.Thead>
      <Table.Tr>
        {heads.map((head) => (
          <Table.Th key={head}>{head}</Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {rows.map(({ key, cells }) => (
        <Table.Tr key={key}>
          {cells.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
            <Table.Td key={index} data-short={index < heads.length - 1 || undefined}>
              {cell}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
);
