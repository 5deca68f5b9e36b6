import { Stack, Text } from '@mantine/core';
import type { EnvironmentStatus } from '../../engine/api/types.ts';
import { environmentStates } from '../canvas/EnvironmentPips.tsx';
import { useT } from '../i18n/t.ts';
import { formatBytes, formatMs } from '../ui/format.ts';

/** The execution environments of a function: a process each. */
export function EnvironmentList({ environments }: { environments: readonly EnvironmentStatus[] }) {
  const t = useT();
  return (
    <Stack gap={2} data-testid="environments">
      <Text size="xs" fw={600}>
        {t('Environments')}
      </Text>
      {environments.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('None runs: nothing is asked.')}
        </Text>
      )}
      {environments.map((environment) => (
        <Text key={environment.pid} size="xs" c="dimmed">
          {environment.pid === null ? t('waits to start') : t('pid {{pid}}', { pid: environment.pid })} ·{' '}
          {t(environmentStates[environment.state])}
          {environment.isProvisioned && ` · ${t('provisioned')}`}
          {environment.initMs !== null && ` · ${t('INIT {{time}}', { time: formatMs(environment.initMs) })}`} ·{' '}
          {t('{{number}} invocations', { number: environment.invocations })} · {formatBytes(environment.residentBytes)}
        </Text>
      ))}
    </Stack>
  );
}
