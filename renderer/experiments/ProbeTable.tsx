import { Button, Table } from '@mantine/core';
import { IconCheck, IconChevronDown, IconChevronRight, IconX } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { ExperimentResult, ProbeResult } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { key, useT } from '../i18n/t.ts';
import { Evidence } from './Evidence.tsx';
import { marginText, observedText, probePhases, toleranceText } from './probe-text.ts';

const heads = [
  key('Probe'),
  key('Phase'),
  key('Measured'),
  key('Tolerance'),
  key('Margin'),
  key('Samples'),
  key('Holds'),
  null,
];

/** Each probe with its value, its tolerance, and how far it is from there; and the way to what that rests on. */
export function ProbeTable({ result }: { result: ExperimentResult }) {
  const t = useT();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <Table fz="xs" verticalSpacing={3}>
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) => (
            <Table.Th key={head}>{head && t(head)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {result.probes.map((probe, index) => (
          <Fragment key={`${probe.phase} ${probe.fault ?? ''} ${probe.name} ${probe.window.fromMs}`}>
            <Table.Tr>
              <Table.Td fw={600}>{probe.name}</Table.Td>
              <Table.Td>
                {t(probePhases[probe.phase])}
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
                  aria-label={t('Evidence of {{name}}, {{phase}}', {
                    name: probe.name,
                    phase: t(probePhases[probe.phase]),
                  })}
                  rightSection={open === index ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
                  onClick={() => setOpen(open === index ? null : index)}
                >
                  {t('Evidence')}
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
  const t = useT();
  if (inconclusive) return <>{t('unknown: {{why}}', { why: said(inconclusive) })}</>;
  return holds ? (
    <IconCheck size={14} color="var(--state-ready)" aria-label={t('yes')} />
  ) : (
    <IconX size={14} color="var(--state-dead)" aria-label={t('no')} />
  );
}
