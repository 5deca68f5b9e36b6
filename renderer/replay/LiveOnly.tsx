import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useReplaying } from '../stores/replay.ts';
import { leaveReplay } from './player.ts';

/** What a record does not hold is not shown beside the past, where it would be taken for it. */
export function LiveOnly({ what, children }: { what: string; children: ReactNode }) {
  const replaying = useReplaying();
  if (!replaying) return children;
  return (
    <Group gap={8}>
      <Text size="sm" c="dimmed">
        {what} belong to what is live and are not part of the replay.
      </Text>
      <Button size="compact-xs" variant="light" onClick={leaveReplay}>
        Leave the replay
      </Button>
    </Group>
  );
}
