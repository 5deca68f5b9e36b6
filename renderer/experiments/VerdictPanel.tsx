import { Group, List, Stack, Table, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { ExperimentResult } from '../../engine/api/types.ts';
import { FaultTable } from '../faults/FaultsPanel.tsx';
import { formatMs, formatSeconds } from '../ui/format.ts';
import { Conservation } from './Conservation.tsx';
import { ImpactFigures } from './ImpactFigures.tsx';
import { marginText, observedText, toleranceText } from './probe-text.ts';
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
      {result.stoppedBy && <Text size="sm">Ended by the stop condition “{result.stoppedBy}”.</Text>}
      {result.impact && <ImpactFigures impact={result.impact} />}
      <StepsThatFailed result={result} />
      <Table fz="xs" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            {['Probe', 'Phase', 'Measured', 'Tolerance', 'Margin', 'Samples', 'Holds'].map((head) => (
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
              <Table.Td>{observedText(probe)}</Table.Td>
              <Table.Td>{toleranceText(probe)}</Table.Td>
              <Table.Td>{marginText(probe)}</Table.Td>
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

/** Steps and rollbacks that did not do what they were to do. */
function StepsThatFailed({ result: { steps, rollbacks } }: { result: ExperimentResult }) {
  const failed = [...steps, ...rollbacks].filter(({ error }) => error !== null);
  if (failed.length === 0) return null;
  return (
    <List size="sm" spacing={2}>
      {failed.map(({ place, name, type, error }) => (
        <List.Item key={place}>
          <b>{name ?? type}</b> ({place}) failed: {error}
        </List.Item>
      ))}
    </List>
  );
}
