import { ActionIcon, Button, NumberInput, Popover, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { TracingStatus } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { formatCount } from '../ui/format.ts';

/** How many requests are traced, and where the spans are sent besides. For as long as the engine runs. */
export function TracingSettingsButton({ status, onConfigured }: { status: TracingStatus; onConfigured: () => void }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Tracing settings" onClick={() => setOpened(!opened)}>
          <IconSettings size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown w={300}>
        <SettingsForm
          status={status}
          onDone={() => {
            setOpened(false);
            onConfigured();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

const sentenceOf = ({ message, nextStep }: ShownError): string => `${message} ${nextStep}`;

function SettingsForm({ status, onDone }: { status: TracingStatus; onDone: () => void }) {
  const { settings, otlp } = status;
  const [on, setOn] = useState(settings.ratio !== null);
  const [percent, setPercent] = useState<number | string>((settings.ratio ?? 0.01) * 100);
  const [otlpUrl, setOtlpUrl] = useState(settings.otlpUrl ?? '');
  const [problem, setProblem] = useState<string | null>(null);

  const apply = () =>
    engine.traces.configure
      .mutate({ ratio: on ? Number(percent) / 100 : null, otlpUrl: otlpUrl.trim() || null })
      .then(onDone)
      .catch((error: unknown) => setProblem(sentenceOf(shownError(error))));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void apply();
      }}
    >
      <Stack gap={8}>
        <Switch
          size="xs"
          label="Trace requests"
          checked={on}
          onChange={({ currentTarget }) => setOn(currentTarget.checked)}
        />
        <NumberInput
          size="xs"
          label="Sampled"
          description="Of all requests. Those that fail are traced anyway."
          suffix=" %"
          min={0}
          max={100}
          disabled={!on}
          value={percent}
          onChange={setPercent}
        />
        <TextInput
          size="xs"
          label="Send spans to (OTLP/HTTP)"
          placeholder="http://127.0.0.1:4318"
          value={otlpUrl}
          error={problem}
          onChange={({ currentTarget }) => setOtlpUrl(currentTarget.value)}
        />
        {otlp && (
          <Text size="xs" c={otlp.problem ? 'red' : 'dimmed'}>
            {otlp.problem ?? `${formatCount(otlp.sent)} spans were sent, ${formatCount(otlp.waiting)} wait`}
          </Text>
        )}
        <Button size="xs" type="submit">
          Apply
        </Button>
      </Stack>
    </form>
  );
}
