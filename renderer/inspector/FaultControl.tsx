import { Alert, Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import type { FaultDefinition } from '../../engine/model/definition.ts';
import type { FaultTarget } from '../../engine/model/fault.ts';
import { schemaErrors } from '../../engine/model/issues.ts';
import { countdown } from '../faults/countdown.ts';
import { useDraft } from '../faults/drafts.ts';
import { inject, takeOff } from '../faults/fault-actions.ts';
import { faultIcon, faultLimit, faultVerb } from '../faults/presentation.ts';
import { useRun } from '../stores/run.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import classes from './Inspector.module.css';

const leases = [
  { value: '5000', label: '5 s' },
  { value: '15000', label: '15 s' },
  { value: '60000', label: '1 min' },
  { value: 'kept', label: 'Until taken off' },
];

interface Props {
  definition: FaultDefinition;
  target: FaultTarget;
  /** Replicas to choose from, for a fault on a process. */
  replicas?: number[];
  active: FaultStatus[];
  frame: EngineFrame;
}

/** One fault on one target: its parameters, how long, on and off, and the proofs. */
export function FaultControl({ definition, target, replicas = [], active, frame }: Props) {
  const [draft, setDraft] = useDraft(definition, target);
  const [replica, setReplica] = useState(0);
  const platform = useRun(({ host }) => host?.platform);
  const limit = faultLimit(definition, platform);
  const problems = schemaErrors(definition.parameters, draft.parameters);
  const change = useCallback(
    (path: ValuePath, value: unknown) => setDraft({ ...draft, parameters: withValueAt(draft.parameters, path, value) }),
    [draft, setDraft],
  );
  const Icon = faultIcon(definition.fault);
  const at: FaultTarget = 'node' in target ? { node: target.node, replica } : target;
  const free =
    replicas.length === 0
      ? active.length === 0
      : !active.some((fault) => 'node' in fault.target && fault.target.replica === replica);

  return (
    <div className={classes.fault} data-on={active.length > 0} data-testid={`fault-${definition.fault}`}>
      <Group gap={6} wrap="nowrap">
        <Icon size={15} aria-hidden />
        <Text size="sm" fw={600}>
          {definition.title}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mb={6}>
        {definition.help}
      </Text>
      {limit && (
        <Alert color="gray" p={6} mb={6}>
          <Text size="xs">{limit}</Text>
        </Alert>
      )}
      <Stack gap={8}>
        <SchemaForm
          schema={definition.parameters}
          value={draft.parameters}
          problems={problems}
          root="$"
          onChange={change}
        />
        {active.map((fault) => (
          <Active key={fault.id} fault={fault} frame={frame} />
        ))}
        <Group gap={6} wrap="nowrap" align="flex-end">
          {replicas.length > 1 && (
            <Select
              size="xs"
              w={92}
              label="Replica"
              data={replicas.map((number) => ({ value: String(number), label: `${number}` }))}
              value={String(replica)}
              onChange={(value) => setReplica(Number(value))}
              allowDeselect={false}
            />
          )}
          <Select
            size="xs"
            style={{ flex: 1 }}
            label="For"
            data={leases}
            value={draft.leaseMs === null ? 'kept' : String(draft.leaseMs)}
            onChange={(value) => setDraft({ ...draft, leaseMs: value === 'kept' ? null : Number(value) })}
            allowDeselect={false}
          />
          <Button
            size="xs"
            color={limit ? 'gray' : 'red'}
            variant="light"
            disabled={!free || problems.length > 0}
            aria-label={`Inject ${definition.title}`}
            onClick={() => void inject({ fault: definition.fault, target: at, ...draft })}
          >
            {faultVerb(definition)}
          </Button>
        </Group>
      </Stack>
    </div>
  );
}

function Active({ fault, frame }: { fault: FaultStatus; frame: EngineFrame }) {
  const proof = fault.proofOfEffect;
  return (
    <div>
      <Button
        size="compact-xs"
        color="orange"
        leftSection={<IconX size={13} />}
        disabled={fault.state === 'ending'}
        aria-label={`Take ${fault.fault} off now`}
        onClick={() => void takeOff(fault.id)}
      >
        Take off now · {countdown(fault, frame)}
        {'node' in fault.target && fault.target.replica > 0 ? ` · replica ${fault.target.replica}` : ''}
      </Button>
      {proof && (
        <Text size="xs" mt={4}>
          {proof.holds ? 'Effect measured: ' : 'No effect measured: '}
          {proof.evidence}
        </Text>
      )}
    </div>
  );
}
