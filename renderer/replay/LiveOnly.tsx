import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useT } from '../i18n/t.ts';
import { useReplaying } from '../stores/replay.ts';
import { leaveReplay } from './player.ts';

/** What a record does not hold is not shown beside the past, where it would be taken for it. */
export function LiveOnly({ what, children }: { /** A sentence that says so. */ what: string; children: ReactNode }) {
  const t = useT();
  const replaying = useReplaying();
  if (!replaying) return children;
  return (
    <Group gap={8}>
      <Text size="sm" c="dimmed">
        {what}
      </Text>
      <Button size="compact-xs" variant="light" onClick={leaveReplay}>
        {t('Leave the replay')}
      </Button>
    </Group>
  );
}
