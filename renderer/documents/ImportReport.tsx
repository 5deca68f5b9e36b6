import { Badge, Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { ImportNote } from '../../engine/api/engine.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { closeDialog } from '../stores/session.ts';

/** What an imported file holds that is not here as it was, and why. */
export function ImportReport({ name, notes }: { name: string; notes: readonly ImportNote[] }) {
  const t = useT();
  return (
    <Stack gap="sm">
      <Text size="sm">
        {notes.length === 0
          ? t('Everything that {{name}} says about the topology is on the canvas.', { name })
          : t('{{name}} is on the canvas. This is not as it was there:', { name })}
      </Text>
      <ScrollArea.Autosize mah={340}>
        <Stack component="ul" gap={8} p={0} m={0} style={{ listStyle: 'none' }}>
          {notes.map(({ service, leftOut, message }) => (
            <li key={`${service} ${message}`}>
              <Text size="sm">
                <b>{service}</b>{' '}
                {leftOut && (
                  <Badge size="xs" color="orange" variant="light">
                    {t('left out')}
                  </Badge>
                )}
              </Text>
              <Text size="xs" c="dimmed">
                {said(message)}
              </Text>
            </li>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Group justify="flex-end">
        <Button onClick={closeDialog}>{t('Go on')}</Button>
      </Group>
    </Stack>
  );
}
