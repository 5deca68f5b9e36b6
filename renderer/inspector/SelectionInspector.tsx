import { Button, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { scopeOf } from '../faults/scope.ts';
import { edit } from '../stores/document.ts';
import { remove } from '../stores/document-edits.ts';
import { groupOfKey, removeGroups } from '../stores/group-edits.ts';
import { select } from '../stores/session.ts';
import classes from './Inspector.module.css';

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export function SelectionInspector({ nodes, edges }: { nodes: readonly string[]; edges: readonly string[] }) {
  const what = [
    nodes.length > 0 && counted(nodes.length, 'node'),
    edges.length > 0 && counted(edges.length, 'connection'),
  ]
    .filter(Boolean)
    .join(' and ');
  return (
    <div className={classes.body}>
      <Stack>
        <Text fw={600} size="sm">
          {what} selected
        </Text>
        <Text size="xs" c="dimmed">
          Drag one to move all of them. Select a single one to change it.
        </Text>
        <Button
          variant="light"
          color="red"
          size="xs"
          leftSection={<IconTrash size={15} />}
          onClick={() => {
            edit((document) =>
              remove(
                removeGroups(
                  document,
                  nodes.flatMap((id) => groupOfKey(id) ?? []),
                ),
                { nodes, edges },
              ),
            );
            select({});
          }}
        >
          Remove {what}
        </Button>
        <Text size="xs" fw={600}>
          Faults on all of them
        </Text>
        <FaultMenu scope={scopeOf({ nodes, edges })} />
      </Stack>
    </div>
  );
}
