import { Button, Group, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { ActivityMark } from './ActivityMark.tsx';
import { activityText, countdown } from './activity.ts';
import { courseText } from './course-text.ts';
import { takeOff } from './fault-actions.ts';
import { ProofsOf } from './ProofBadge.tsx';
import { faultTitle } from './presentation.ts';
import { whereText } from './where-text.ts';

/** A fault that is on: what it does, for how long, its proofs, and the way to take it off. */
export function ActiveFault({ fault, frame }: { fault: FaultStatus; frame: EngineFrame }) {
  const t = useT();
  const course = courseText(fault.course);
  return (
    <Stack gap={3} data-testid={`active-${fault.id}`}>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <Group gap={4} wrap="nowrap" c="var(--state-degraded)" fz="xs" fw={600}>
          <ActivityMark fault={fault} /> {activityText(fault, frame)}
        </Group>
        <Button
          size="compact-xs"
          color="orange"
          leftSection={<IconX size={13} />}
          disabled={fault.state === 'ending'}
          aria-label={t('Take off · {{countdown}}: {{title}}', {
            countdown: countdown(fault, frame),
            title: faultTitle(fault.fault),
          })}
          onClick={() => void takeOff(fault.id)}
        >
          {t('Take off · {{countdown}}', { countdown: countdown(fault, frame) })}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {[whereText(fault.target), ...(course ? [course] : [])].join(' · ')}
      </Text>
      <Group gap={6}>
        <ProofsOf fault={fault} />
      </Group>
      {fault.proofOfEffect && <Text size="xs">{said(fault.proofOfEffect.evidence)}</Text>}
    </Stack>
  );
}
