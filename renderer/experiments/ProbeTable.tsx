import { Button, Table } from '@mantine/core';
import { IconCheck, IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { ExperimentResult, ProbeResult } from '../../engine/api/types.ts';
import { Evidence } from './Evidence.tsx';
import { marginText, observedText, toleranceText } from './probe-text.ts';

const heads = ['Probe', 'Phase', 'Measured', 'Tolerance', 'Margin', 'Samples', 'Holds', ''];

/** Each probe with its value, its tolerance, and how far it is from there; and the way to what that rests on. */
export function ProbeTable({ result }: { result: ExperimentResult }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <Table fz="xs" verticalSpacing={3}>
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) => (
            <Table.Th key={head}>{head}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {result.probes.map((probe, index) => (
          <Fragment key={`${probe.phase} ${probe.fault ?? ''} ${probe.name} ${probe.window.fromMs}`}>
            <Table.Tr>
              <Table.Td fw={600}>{probe.name}</Table.Td>
              <Table.Td>
                {probe.phase}
                {probe.fault && result.faults.length > 1 && ` (${probe.fault})`}
              </Table.Td>
              <Table.Td>{observedText(probe)}</Table.Td>
              <Table.Td>{toleranceText(probe)}</Table.Td>
              <Table.Td>{marginText(probe)}</Table.Td>
              <Table.Td>{probe.samples}</Table.Td>
              <Table.Td>
                <Holds probe={probe} />
              </Table.Td>
              <Table.Td data-short>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-expanded={open === index}
                  aria-label={`Evidence of ${probe.name}, ${probe.phase}`}
                  rightSection={open === index ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
                  onClick={() => setOpen(open === index ? null : index)}
                >
                  Evidence
                </Button>
              </Table.Td>
            </Table.Tr>
            {open === index && (
              <Table.Tr>
                <Table.Td colSpan={heads.length}>
                  <Evidence probe={probe} result={result} />
                </Table.Td>
              </Table.Tr>
            )}
          </Fragment>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Holds({ probe: { holds, inconclusive } }: { probe: ProbeResult }) {
  if (inconclusive) return <>unknown: {inconclusive}</>;
  return holds ? (
    <IconCheck size={14} color="var(--state-ready)" aria-label="yes" />
  ) : (
    <IconX size={14} color="var(--state-dead)" aria-label="no" />
  );
}
