import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import { fileName } from '../stores/file.ts';
import { giveUp, restore, useRecoverable } from './keep-edits.ts';
import classes from './TemplateGallery.module.css';

/** Offers edits of a window that ended without notice. */
export function RecoveryNotice() {
  const found = useRecoverable((state) => state.found);
  if (found.length === 0) return null;
  return (
    <div className={classes.recovery}>
      <Alert
        variant="outline"
        bg="var(--app-surface)"
        icon={<IconLifebuoy size={16} />}
        title="Unsaved edits were kept"
        role="region"
        aria-label="Unsaved edits"
        w={520}
      >
        <Stack gap="xs">
          {found.map((edits) => (
            <Group key={edits.key} justify="space-between" wrap="nowrap">
              <Text size="sm">
                <b>{edits.document.name || 'Untitled'}</b>
                {edits.path !== null && ` (${fileName(edits.path)})`}, edited{' '}
                {new Date(edits.atMs).toLocaleString('en')}
              </Text>
              <Group gap={6} wrap="nowrap">
                <Button size="compact-sm" onClick={() => restore(edits)}>
                  Restore
                </Button>
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => giveUp(edits.key)}>
                  Discard
                </Button>
              </Group>
            </Group>
          ))}
        </Stack>
      </Alert>
    </div>
  );
}
