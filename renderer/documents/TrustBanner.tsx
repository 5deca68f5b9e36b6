import { Alert, Button, Code, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { Panel } from 'reactflow';
import { useT } from '../i18n/t.ts';
import { useTrust } from '../stores/trust.ts';
import { trustOpenDocument } from './trust-actions.ts';

/** Says why a document is read-only, and shows the code that would run. */
export function TrustBanner() {
  const t = useT();
  const { trusted, code } = useTrust();
  const [open, setOpen] = useState(true);
  if (trusted) return null;
  if (!open)
    return (
      <Panel position="top-center">
        <Button size="compact-sm" color="yellow" leftSection={<IconLock size={14} />} onClick={() => setOpen(true)}>
          {t('Read-only: code not trusted')}
        </Button>
      </Panel>
    );
  return (
    <Panel position="top-center">
      <Alert
        variant="outline"
        color="yellow"
        bg="var(--app-surface)"
        icon={<IconLock size={16} />}
        title={t('Read-only: this document holds code that you have not trusted')}
        w={560}
        role="region"
      >
        <Stack gap="xs">
          <Text size="sm">
            {t(
              'It would run on your machine, with your rights. Nothing of it has run. Read it; trust the document only if you know where it is from.',
            )}
          </Text>
          <ScrollArea.Autosize mah={260} type="auto">
            <Stack gap={6}>
              {code.map(({ nodeId, path, text }) => (
                <div key={path}>
                  <Text size="xs" c="dimmed">
                    <b>{nodeId}</b> · {path}
                  </Text>
                  <Code block>{text}</Code>
                </div>
              ))}
            </Stack>
          </ScrollArea.Autosize>
          <Group gap="xs">
            <Button size="xs" color="yellow" onClick={() => void trustOpenDocument()}>
              {t('Trust and enable editing')}
            </Button>
            <Button size="xs" variant="default" onClick={() => setOpen(false)}>
              {t('Keep read-only')}
            </Button>
          </Group>
        </Stack>
      </Alert>
    </Panel>
  );
}
