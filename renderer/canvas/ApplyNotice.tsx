import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Panel } from 'reactflow';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useApply } from '../running/live-apply.ts';
import { useRun } from '../stores/run.ts';
import { showBottom } from '../stores/session.ts';

/** Says when what runs is not what is drawn, and why. */
export function ApplyNotice() {
  const t = useT();
  const apply = useApply(({ state }) => state);
  const problem = useRun(({ frame }) => frame?.problem ?? null);
  if (apply.type === 'invalid')
    return (
      <Notice title={t('Your edits are kept, but not running yet')}>
        <Group gap="xs">
          <Text size="xs">
            {t('{{count}} problems are in the way; they are applied as soon as it is solved.', {
              count: apply.problems,
            })}
          </Text>
          <Button size="compact-xs" variant="light" color="yellow" onClick={() => showBottom('problems')}>
            {t('Show problems')}
          </Button>
        </Group>
      </Notice>
    );
  if (apply.type === 'failed')
    return (
      <Notice title={t('Your edits are kept, but could not be applied')}>
        <Text size="xs">
          {said(apply.error.message)} {said(apply.error.nextStep)}
        </Text>
      </Notice>
    );
  if (problem)
    return (
      <Notice title={t('The engine reports a problem')}>
        <Text size="xs">{said(problem)}</Text>
      </Notice>
    );
  return null;
}

function Notice({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Panel position="top-center">
      <Alert
        variant="outline"
        color="yellow"
        bg="var(--app-surface)"
        icon={<IconAlertTriangle size={16} />}
        title={title}
        p="xs"
        maw={480}
        role="status"
      >
        {children}
      </Alert>
    </Panel>
  );
}
