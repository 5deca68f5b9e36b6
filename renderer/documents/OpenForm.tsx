import { Button, Divider, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/t.ts';
import { closeDialog } from '../stores/session.ts';
import { ComparisonCards } from './ComparisonCards.tsx';
import { openPath, openTemplate } from './file-actions.ts';
import classes from './TemplateGallery.module.css';
import { descriptionOfTemplate, titleOfTemplate } from './template-text.ts';
import { useTemplates } from './use-templates.ts';

/** In a browser tab, which has no file dialog for the engine's machine: a path, or a template. */
export function OpenForm() {
  const t = useT();
  const templates = useTemplates();
  const [path, setPath] = useState('');
  const open = () => {
    closeDialog();
    openPath(path.trim());
  };
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) open();
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            style={{ flex: 1 }}
            label={t('Path of the file')}
            description={t('On the machine that runs the engine.')}
            placeholder="/home/me/shop.archipel.json"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            data-autofocus
            spellCheck={false}
          />
          <Button type="submit" disabled={path.trim() === ''}>
            {t('Open')}
          </Button>
        </Group>
      </form>
      {templates.length > 0 && <Divider label={t('or start from a template')} />}
      {templates.map((template) => (
        <UnstyledButton
          key={template.path}
          className={classes.template}
          onClick={() => {
            closeDialog();
            openTemplate(template.path);
          }}
        >
          <span className="visually-hidden">{t('Open template')}</span>
          <Text fw={600} size="sm">
            {titleOfTemplate(template)}
          </Text>
          <Text c="dimmed" size="xs" mt={2} lineClamp={2}>
            {descriptionOfTemplate(template)}
          </Text>
        </UnstyledButton>
      ))}
      <ComparisonCards onOpen={closeDialog} />
    </Stack>
  );
}
