import { Table, Text } from '@mantine/core';
import type { ComparedFigure, Comparison } from '../../engine/records/record.ts';
import { formatMeasure } from '../ui/format.ts';

/** Two runs side by side: A is the older one. */
export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const sections: [string, readonly ComparedFigure[]][] = [
    ['All routes', comparison.overall],
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
          {note}
        </Text>
      ))}
      <Table fz="xs" verticalSpacing={2} horizontalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            {['', 'Figure', 'A', 'B', 'B − A', '95 % interval', 'Shown'].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sections.flatMap(([section, figures]) =>
            figures.map((figure, index) => (
              <Table.Tr key={`${section} ${figure.what}`}>
                <Table.Td fw={600}>{index === 0 ? section : ''}</Table.Td>
                <Table.Td>{figure.what}</Table.Td>
                {[figure.a, figure.b, figure.difference].map((value, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
                  <Table.Td key={column}>{signed(value, figure, column === 2)}</Table.Td>
                ))}
                <Table.Td>
                  {figure.interval &&
                    `${signed(figure.interval.low, figure, true)} … ${signed(figure.interval.high, figure, true)}`}
                </Table.Td>
                <Table.Td>{shown[figure.verdict]}</Table.Td>
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </div>
  );
}

const shown: Record<ComparedFigure['verdict'], string> = {
  'a lower': 'A is lower',
  'b lower': 'B is lower',
  'none shown': 'no difference shown',
  'not judged': '',
};

function signed(value: number | null, { unit }: ComparedFigure, withSign: boolean): string {
  if (value === null) return '–';
  const text = formatMeasure(Math.abs(value), unit);
  return value < 0 ? `−${text}` : withSign && value > 0 ? `+${text}` : text;
}
