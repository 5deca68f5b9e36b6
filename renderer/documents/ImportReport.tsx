import { Badge, Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { ImportNote } from '../../engine/api/engine.ts';
import { closeDialog } from '../stores/session.ts';

/** What an imported file holds that is not here as it was, and why. */
export function ImportReport({ name, notes }: { name: string; notes: readonly ImportNote[] }) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        {notes.length === 0
          ? `Everything that ${name} says about the topology is on the canvas.`
          : `${name} is on the canvas. This is not as it was there:`}
      </Text>
      <ScrollArea.Autosize mah={340}>
        <Stack component="ul" gap={8} p={0} m={0} style={{ listStyle: 'none' }}>
          {notes.map(({ service, leftOut, message }) => (
            <li key={`${service} ${message}`}>
              <Text size="sm">
                <b>{service}</b>{' '}
                {leftOut && (
                  <Badge size="xs" color="orange" variant="light">
                    left out
                  </Badge>
                )}
              </Text>
              <Text size="xs" c="dimmed">
                {message}
              </Text>
            </li>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button onClick={closeDialog}>Go on</Button>
      </Group>
    </Stack>
  );
}
