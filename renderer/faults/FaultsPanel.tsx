import { Button, Table, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { FaultStatus, Proof } from '../../engine/api/types.ts';
import { targetName } from '../../engine/model/target-name.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatClock } from '../ui/format.ts';
import { countdown } from './countdown.ts';
import { isOn, takeOff } from './fault-actions.ts';
import { faultDefinition } from './presentation.ts';

const targetText = ({ target }: FaultStatus): string =>
  'node' in target && target.replica === 0 ? target.node : targetName(target);

/** Faults that are on, and those of the last minute, with their proofs. */
export function FaultsPanel() {
  const frame = useFrameEvery(250);
  const faults = [...(frame?.faults ?? [])].sort((a, b) => b.startedAtMs - a.startedAtMs);
  if (faults.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No fault is on. While it runs, select a card to kill or pause its process, or a connection to slow it. Every
        fault comes off by itself.
      </Text>
    );
  return (
    <FaultTable
      faults={faults}
      action={(fault) =>
        isOn(fault) ? (
          <Button
            size="compact-xs"
            color="orange"
            leftSection={<IconX size={12} />}
            disabled={fault.state === 'ending'}
            aria-label={`Take ${fault.fault} off ${targetText(fault)} now`}
            onClick={() => void takeOff(fault.id)}
          >
            {countdown(fault, frame)}
          </Button>
        ) : null
      }
    />
  );
}

export function FaultTable({
  faults,
  action,
}: {
  faults: readonly FaultStatus[];
  action?: (fault: FaultStatus) => React.ReactNode;
}) {
  return (
    <Table fz="xs" verticalSpacing={4} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Fault</Table.Th>
          <Table.Th>Target</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Began</Table.Th>
          <Table.Th>Effect, as measured</Table.Th>
          <Table.Th>Removal, as measured</Table.Th>
          {action && <Table.Th />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {faults.map((fault) => (
          <Table.Tr key={fault.id}>
            <Table.Td>{faultDefinition(fault.fault)?.title ?? fault.fault}</Table.Td>
            <Table.Td>{targetText(fault)}</Table.Td>
            <Table.Td>
              {fault.state}
              {fault.endedBy && ` (${fault.endedBy})`}
            </Table.Td>
            <Table.Td>{formatClock(fault.startedAtMs)}</Table.Td>
            <Table.Td>{fault.error ?? <ProofText proof={fault.proofOfEffect} />}</Table.Td>
            <Table.Td>
              <ProofText proof={fault.proofOfRemoval} />
            </Table.Td>
            {action && <Table.Td>{action(fault)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ProofText({ proof }: { proof: Proof | null }) {
  if (!proof) return <>–</>;
  return (
    <>
      <b style={{ color: proof.holds ? 'var(--state-ready)' : 'var(--state-dead)' }}>
        {proof.holds ? 'shown' : 'not shown'}
      </b>
      : {proof.evidence}
    </>
  );
}
