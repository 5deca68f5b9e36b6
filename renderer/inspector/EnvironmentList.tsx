import { Stack, Text } from '@mantine/core';
import type { EnvironmentStatus } from '../../engine/api/types.ts';
import { environmentShapes, environmentStates } from '../canvas/EnvironmentFigures.tsx';
import { useT } from '../i18n/t.ts';
import { formatBytes, formatMs } from '../ui/format.ts';
import classes from './Inspector.module.css';

/** The execution environments of a function: a process each. */
export function EnvironmentList({ environments }: { environments: readonly EnvironmentStatus[] }) {
  const t = useT();
  return (
    <Stack gap={2} data-testid="environments">
      <Text size="xs" fw={600}>
        {t('Processes of the environments')}
      </Text>
      {environments.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('None runs: nothing is asked.')}
        </Text>
      )}
      {environments.map((environment, index) => (
        <Text
          // Those that wait to start have no pid yet.
          key={environment.pid ?? `waits ${index}`}
          size="xs"
          className={classes.environment}
          data-environment={environment.state}
        >
          <i aria-hidden="true">{environmentShapes[environment.state]}</i>
          <span>
            {environment.pid === null ? t('waits to start') : t('pid {{pid}}', { pid: environment.pid })} ·{' '}
            {t(environmentStates[environment.state])}
            {environment.isProvisioned && ` · ${t('provisioned')}`}
            {environment.initMs !== null && ` · ${t('INIT {{time}}', { time: formatMs(environment.initMs) })}`} ·{' '}
            {t('{{count}} invocations', { count: environment.invocations })} · {formatBytes(environment.residentBytes)}
          </span>
        </Text>
      ))}
    </Stack>
  );
}
