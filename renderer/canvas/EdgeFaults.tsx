import { Button, Group, NumberInput, Paper, Text, Tooltip } from '@mantine/core';
import { IconBolt, IconX } from '@tabler/icons-react';
import { useStore } from 'reactflow';
import type { FaultStatus } from '../../engine/api/types.ts';
import type { FaultDefinition } from '../../engine/model/definition.ts';
import type { ArchipelEdge } from '../../engine/model/document.ts';
import { countdown } from '../faults/activity.ts';
import { injectDraft, useDraft } from '../faults/drafts.ts';
import { actsOnEdge, isOn, takeOff } from '../faults/fault-actions.ts';
import { faultIcon, faultTitle, faultVerb, quickEdgeFaults } from '../faults/presentation.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { fieldOf } from '../inspector/form/fields.ts';
import { useReplaying } from '../stores/replay.ts';
import { openFaults } from '../stores/session.ts';
import { useFrameEvery } from '../stores/use-live.ts';

/** Quick faults of the selected edge, each with its first number, e.g. the milliseconds of a latency, and the way to all others. */
export function EdgeFaults({ edge }: { edge: ArchipelEdge }) {
  const t = useT();
  const frame = useFrameEvery(200);
  const zoom = useStore(({ transform }) => transform[2]);
  const replaying = useReplaying();
  // The past takes no faults.
  if (!frame?.edges[edge.id] || frame.topology === 'stopped' || replaying) return null;
  const active = frame.faults.filter((fault) => isOn(fault) && actsOnEdge(fault, edge.id));
  return (
    // The label grows and shrinks with the canvas; what is clicked stays as large as every button.
    <Paper
      withBorder
      shadow="md"
      p={4}
      radius="md"
      style={{ transform: `scale(${1 / zoom})`, transformOrigin: 'top center' }}
    >
      <Group gap={4} wrap="nowrap">
        {quickEdgeFaults
          .filter(({ fault }) => !active.some((on) => on.fault === fault))
          .map((definition) => (
            <Inject key={definition.fault} definition={definition} edge={edge} />
          ))}
        {active.map((fault) => (
          <TakeOff key={fault.id} fault={fault} edge={edge} text={countdown(fault, frame)} />
        ))}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBolt size={14} />}
          aria-label={t('More… faults for {{id}}', { id: edge.id })}
          onClick={() => openFaults({ type: 'edge', edge: edge.id })}
        >
          {t('More…')}
        </Button>
      </Group>
    </Paper>
  );
}

function Inject({ definition, edge }: { definition: FaultDefinition; edge: ArchipelEdge }) {
  const t = useT();
  const [draft, setDraft] = useDraft(definition, { type: 'edge', edge: edge.id });
  const Icon = faultIcon(definition.fault);
  const form = fieldOf(definition.parameters);
  const main = form.type === 'object' ? form.fields.find(({ field }) => field.type === 'number') : undefined;
  const value = main ? draft.parameters[main.key] : null;
  return (
    <Group gap={4} wrap="nowrap">
      {main && main.field.type === 'number' && (
        <NumberInput
          size="xs"
          w={86}
          hideControls
          aria-label={t('{{label}} of {{id}}', { label: said(main.field.label), id: edge.id })}
          value={typeof value === 'number' ? value : ''}
          min={main.field.min ?? undefined}
          max={main.field.max ?? undefined}
          onChange={(next) =>
            setDraft({ ...draft, parameters: { ...draft.parameters, [main.key]: next === '' ? undefined : next } })
          }
          rightSectionWidth={30}
          rightSection={
            <Text size="xs" c="dimmed">
              {main.field.unit && said(main.field.unit)}
            </Text>
          }
        />
      )}
      <Tooltip label={said(definition.help)}>
        <Button
          size="compact-sm"
          color="red"
          variant="light"
          leftSection={<Icon size={14} />}
          aria-label={`${faultVerb(definition)} ${edge.id}`}
          onClick={() => void injectDraft(definition, { type: 'edge', edge: edge.id })}
        >
          {faultVerb(definition)}
        </Button>
      </Tooltip>
    </Group>
  );
}

function TakeOff({ fault, edge, text }: { fault: FaultStatus; edge: ArchipelEdge; text: string }) {
  const t = useT();
  const title = faultTitle(fault.fault);
  return (
    <Button
      size="compact-sm"
      color="orange"
      leftSection={<IconX size={14} />}
      disabled={fault.state === 'ending'}
      aria-label={t('{{title}} · {{countdown}}: take it off {{id}}', { title, countdown: text, id: edge.id })}
      onClick={() => void takeOff(fault.id)}
    >
      {title} · {text}
    </Button>
  );
}
