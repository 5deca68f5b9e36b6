import { Group, List, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { ExperimentResult, ProbeResult } from '../../engine/api/types.ts';
import { FaultTable } from '../faults/FaultsPanel.tsx';
import { formatCount, formatMs, formatRate, formatSeconds } from '../ui/format.ts';
import { Conservation } from './Conservation.tsx';
import { RunTables } from './RunSummary.tsx';
import { VerdictBadge } from './VerdictBadge.tsx';

/** A measured verdict with everything that it rests on. */
export function VerdictPanel({ result }: { result: ExperimentResult }) {
  const { experiment, verdict, reasons, probes, faults, recoveryMs } = result;
  const faultCount = faults.length;
  return (
    <Stack gap="sm" data-testid="verdict-panel">
      <Group gap="sm">
        <VerdictBadge verdict={verdict} size="lg" />
        <Text fw={600}>{experiment.title}</Text>
        <Text size="xs" c="dimmed">
          {formatSeconds(result.durationMs)} · seed {result.seed} ·{' '}
          {recoveryMs === null ? 'no recovery measured' : `recovered in ${formatMs(recoveryMs)}`}
        </Text>
      </Group>
      {experiment.statement && (
        <Text size="sm" fs="italic">
          “{experiment.statement}”
        </Text>
      )}
      <List size="sm" spacing={2}>
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      <Table fz="xs" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            {['Probe', 'Phase', 'Measured', 'Tolerance', 'Samples', 'Holds'].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {probes.map((probe) => (
            <Table.Tr key={`${probe.phase} ${probe.fault ?? ''} ${probe.name}`}>
              <Table.Td fw={600}>{probe.name}</Table.Td>
              <Table.Td>
                {probe.phase}
                {probe.fault && faultCount > 1 && ` (${probe.fault})`}
              </Table.Td>
              <Table.Td>{probe.value === null ? probe.observed : inUnit(probe.value, probe.unit)}</Table.Td>
              <Table.Td>{toleranceText(probe)}</Table.Td>
              <Table.Td>{probe.samples}</Table.Td>
              <Table.Td>
                {probe.inconclusive ? (
                  `unknown: ${probe.inconclusive}`
                ) : probe.holds ? (
                  <IconCheck size={14} color="var(--state-ready)" aria-label="yes" />
                ) : (
                  <IconX size={14} color="var(--state-dead)" aria-label="no" />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {faults.length > 0 && <FaultTable faults={faults} />}
      <Conservation conservation={result.conservation} />
      <RunTables result={result} />
    </Stack>
  );
}

function inUnit(value: number | null, unit: ProbeResult['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return `${(value * 100).toFixed(value > 0.99 && value < 1 ? 2 : 1)} %`;
  return unit === 'per second' ? `${formatRate(value)}/s` : formatCount(value);
}

function toleranceText({ tolerance: { min, max }, unit, wanted }: ProbeResult): string {
  if (min === undefined && max === undefined) return wanted;
  if (min !== undefined && max !== undefined) return `${inUnit(min, unit)} to ${inUnit(max, unit)}`;
  return min !== undefined ? `at least ${inUnit(min, unit)}` : `at most ${inUnit(max ?? null, unit)}`;
}
