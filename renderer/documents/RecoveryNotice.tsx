import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import i18next from 'i18next';
import { useT } from '../i18n/t.ts';
import { fileName } from '../stores/file.ts';
import { giveUp, restore, useRecoverable } from './keep-edits.ts';
import classes from './TemplateGallery.module.css';

/** Offers edits of a window that ended without notice. */
export function RecoveryNotice() {
  const t = useT();
  const found = useRecoverable((state) => state.found);
  if (found.length === 0) return null;
  return (
    <div className={classes.recovery}>
      <Alert
        variant="outline"
        bg="var(--app-surface)"
        icon={<IconLifebuoy size={16} />}
        title={t('Unsaved edits were kept')}
        role="region"
        aria-label={t('Unsaved edits')}
        w={520}
      >
        <Stack gap="xs">
          {found.map((edits) => (
            <Group key={edits.key} justify="space-between" wrap="nowrap">
              <Text size="sm">
                <b>{edits.document.name || t('Untitled')}</b>
                {edits.path !== null && ` (${fileName(edits.path)})`},{' '}
                {t('edited {{time}}', { time: new Date(edits.atMs).toLocaleString(i18next.language) })}
              </Text>
              <Group gap={6} wrap="nowrap">
                <Button size="compact-sm" onClick={() => restore(edits)}>
                  {t('Restore')}
                </Button>
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => giveUp(edits.key)}>
                  {t('Discard')}
                </Button>
              </Group>
            </Group>
          ))}
        </Stack>
      </Alert>
    </div>
  );
}
