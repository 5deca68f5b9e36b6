import { ActionIcon, Button, NumberInput, Popover, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useState } from 'react';
import type { TracingStatus } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatCount } from '../ui/format.ts';

/** How many requests are traced, and where the spans are sent besides. For as long as the engine runs. */
export function TracingSettingsButton({ status, onConfigured }: { status: TracingStatus; onConfigured: () => void }) {
  const t = useT();
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('Tracing settings')} onClick={() => setOpened(!opened)}>
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

const sentenceOf = ({ message, nextStep }: ShownError): string => `${said(message)} ${said(nextStep)}`;

function SettingsForm({ status, onDone }: { status: TracingStatus; onDone: () => void }) {
  const t = useT();
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
          label={t('Trace requests')}
          checked={on}
          onChange={({ currentTarget }) => setOn(currentTarget.checked)}
        />
        <NumberInput
          size="xs"
          label={t('Sampled')}
          description={t('Of all requests. Those that fail are traced anyway.')}
          suffix=" %"
          min={0}
          max={100}
          disabled={!on}
          value={percent}
          onChange={setPercent}
        />
        <TextInput
          size="xs"
          label={t('Send spans to (OTLP/HTTP)')}
          placeholder="http://127.0.0.1:4318"
          value={otlpUrl}
          error={problem}
          onChange={({ currentTarget }) => setOtlpUrl(currentTarget.value)}
        />
        {otlp && (
          <Text size="xs" c={otlp.problem ? 'red' : 'dimmed'}>
            {otlp.problem !== null
              ? said(otlp.problem)
              : t('{{sent}} spans were sent, {{waiting}} wait', {
                  sent: formatCount(otlp.sent),
                  waiting: formatCount(otlp.waiting),
                })}
          </Text>
        )}
        <Button size="xs" type="submit">
          {t('Apply')}
        </Button>
      </Stack>
    </form>
  );
}
