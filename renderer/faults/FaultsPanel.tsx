import { Button, Group, Table, Text } from '@mantine/core';
import { IconBolt, IconX } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { EngineFrame, FaultMember, FaultPart, FaultStatus, Proof } from '../../engine/api/types.ts';
import { fixed, inUnit } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { openFaults } from '../stores/session.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatClock } from '../ui/format.ts';
import { ActivityMark } from './ActivityMark.tsx';
import { activityText, countdown } from './activity.ts';
import { courseText, parametersText } from './course-text.ts';
import { isOn, takeOff } from './fault-actions.ts';
import classes from './faults.module.css';
import { ProofBadge, proofText } from './ProofBadge.tsx';
import { faultIcon, faultTitle } from './presentation.ts';
import { whereText } from './where-text.ts';

/** Faults that are on, and those of the last minute, with their proofs. */
export function FaultsPanel() {
  const t = useT();
  const frame = useFrameEvery(250);
  const faults = [...(frame?.faults ?? [])].sort(
    (a, b) => Number(isOn(b)) - Number(isOn(a)) || b.startedAtMs - a.startedAtMs,
  );
  return (
    <>
      <div className={classes.panelHead}>
        <Text size="sm" c="dimmed">
          {faults.length === 0
            ? t('No fault is on. Every fault comes off by itself, and its effect and its removal are measured.')
            : t('{{count}} on · those of the last minute stay here with their proofs', {
                count: faults.filter(isOn).length,
              })}
        </Text>
        <Button
          size="compact-sm"
          variant="light"
          color="red"
          leftSection={<IconBolt size={14} />}
          onClick={() => openFaults({ type: 'document' })}
        >
          {t('Inject a fault…')}
        </Button>
      </div>
      {faults.length > 0 && <FaultTable faults={faults} frame={frame} live />}
    </>
  );
}

interface Props {
  faults: readonly FaultStatus[];
  frame?: EngineFrame | null;
  /** Faults of now can be taken off. */
  live?: boolean;
}

export function FaultTable({ faults, frame = null, live = false }: Props) {
  const t = useT();
  return (
    <Table fz="xs" verticalSpacing={4} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('Fault')}</Table.Th>
          <Table.Th>{t('Where')}</Table.Th>
          <Table.Th>{t('Now')}</Table.Th>
          <Table.Th>{t('Began')}</Table.Th>
          <Table.Th>{t('Effect, as measured')}</Table.Th>
          <Table.Th>{t('Removal, as measured')}</Table.Th>
          {live && <Table.Th />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {faults.map((fault) => (
          <Table.Tr key={fault.id} data-testid={`panel-${fault.id}`} data-state={fault.state}>
            <Table.Td>
              <Name fault={fault} />
            </Table.Td>
            <Table.Td>
              {whereText(fault.target)}
              <Members fault={fault} />
            </Table.Td>
            <Table.Td data-short>
              <Group gap={4} wrap="nowrap">
                <ActivityMark fault={fault} /> {activityText(fault, frame)}
              </Group>
            </Table.Td>
            <Table.Td>{formatClock(fault.startedAtMs)}</Table.Td>
            <Table.Td>
              {fault.error ? said(fault.error) : <Evidence what="effect" proof={fault.proofOfEffect} />}
            </Table.Td>
            <Table.Td>
              <Evidence what="removal" proof={fault.proofOfRemoval} />
            </Table.Td>
            {live && (
              <Table.Td>
                {isOn(fault) && (
                  <Button
                    size="compact-xs"
                    color="orange"
                    leftSection={<IconX size={12} />}
                    disabled={fault.state === 'ending'}
                    aria-label={t('{{countdown}}: take {{title}} off {{id}}', {
                      countdown: countdown(fault, frame),
                      title: fault.fault,
                      id: whereText(fault.target),
                    })}
                    onClick={() => void takeOff(fault.id)}
                  >
                    {countdown(fault, frame)}
                  </Button>
                )}
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Title, parameters and course. */
function Name({ fault }: { fault: FaultStatus }) {
  const t = useT();
  const Icon = faultIcon(fault.fault);
  const course = courseText(fault.course);
  const parameters = parametersText(fault.parameters);
  return (
    <>
      <Group gap={4} wrap="nowrap" fw={600}>
        <Icon size={14} aria-hidden /> {faultTitle(fault.fault)}
      </Group>
      {fault.parts && (
        <div data-testid="parts">
          {fault.parts.map((part) => (
            <Text key={`${part.fault} ${part.startedAtMs} ${membersText(part.members)}`} fz={11}>
              {faultTitle(part.fault)} · {membersText(part.members)} ·{' '}
              {part.endedAtMs === null ? t('on') : inUnit(fixed((part.endedAtMs - part.startedAtMs) / 1000, 1), 's')} ·{' '}
              {partProof(part)}
            </Text>
          ))}
        </div>
      )}
      {[parameters, course].filter(Boolean).map((line) => (
        <Text key={line} fz={11} c="dimmed">
          {line}
        </Text>
      ))}
    </>
  );
}

/** Of a target with several members: which they are. */
function Members({ fault: { members, target } }: { fault: FaultStatus }) {
  const single = 'edge' in target || ('node' in target && target.select === undefined);
  if (single || !members) return null;
  return (
    <Text fz={11} c="dimmed">
      {membersText(members)}
    </Text>
  );
}

const membersText = (members: readonly FaultMember[]): string =>
  members
    .map((member) =>
      'edge' in member ? member.edge : member.replica === null ? member.node : `${member.node}#${member.replica}`,
    )
    .join(', ');

/** What was measured of one of the faults that another is made of. */
const partProof = ({ proofOfEffect, proofOfRemoval, error }: FaultPart): string =>
  said(error ?? '') ||
  [
    ...(proofOfEffect ? [proofText('effect', proofOfEffect.holds)] : []),
    ...(proofOfRemoval ? [proofText('removal', proofOfRemoval.holds)] : []),
  ].join(', ');

function Evidence({ what, proof }: { what: 'effect' | 'removal'; proof: Proof | null }) {
  useT();
  if (!proof) return <>–</>;
  return (
    <Fragment>
      <ProofBadge what={what} proof={proof} pending={false} /> {said(proof.evidence)}
    </Fragment>
  );
}
