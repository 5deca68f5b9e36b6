import { Table, Text } from '@mantine/core';
import type { ComparedFigure, Comparison } from '../../engine/records/record.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { formatMeasure } from '../ui/format.ts';

/** Two runs side by side: A is the older one. */
export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const t = useT();
  const sections: [string, readonly ComparedFigure[]][] = [
    [t('All routes'), comparison.overall],
    ...Object.entries(comparison.routes),
    ...Object.entries(comparison.nodes),
  ];
  return (
    <div data-testid="comparison">
      <Text size="sm" fw={600}>
        A {comparison.a.id} · B {comparison.b.id}
      </Text>
      {comparison.notes.map((note) => (
        <Text key={note} size="xs" c="orange">
          {said(note)}
        </Text>
      ))}
      <Table fz="xs" verticalSpacing={2} horizontalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            {['', t('Figure'), 'A', 'B', 'B − A', t('95 % interval'), t('Shown')].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sections.flatMap(([section, figures]) =>
            figures.map((figure, index) => (
              <Table.Tr key={`${section} ${figure.what}`}>
                <Table.Td fw={600}>{index === 0 ? section : ''}</Table.Td>
                <Table.Td>{said(figure.what)}</Table.Td>
                {[figure.a, figure.b, figure.difference].map((value, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
                  <Table.Td key={column}>{signed(value, figure, column === 2)}</Table.Td>
                ))}
                <Table.Td>
                  {figure.interval &&
                    `${signed(figure.interval.low, figure, true)} … ${signed(figure.interval.high, figure, true)}`}
                </Table.Td>
                <Table.Td>{figure.verdict !== 'not judged' && t(shown[figure.verdict])}</Table.Td>
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const shown: Record<Exclude<ComparedFigure['verdict'], 'not judged'>, Key> = {
  'a lower': key('A is lower'),
  'b lower': key('B is lower'),
  'none shown': key('no difference shown'),
};

function signed(value: number | null, { unit }: ComparedFigure, withSign: boolean): string {
  if (value === null) return '–';
  const text = formatMeasure(Math.abs(value), unit);
  return value < 0 ? `−${text}` : withSign && value > 0 ? `+${text}` : text;
}
