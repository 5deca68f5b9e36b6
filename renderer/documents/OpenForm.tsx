import { Button, Divider, Group, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { closeDialog } from '../stores/session.ts';
import { ComparisonCards } from './ComparisonCards.tsx';
import { openPath, openTemplate } from './file-actions.ts';
import classes from './TemplateGallery.module.css';
import { useTemplates } from './use-templates.ts';

/** In a browser tab, which has no file dialog for the engine's machine: a path, or a template. */
export function OpenForm() {
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
            label="Path of the file"
            description="On the machine that runs the engine."
            placeholder="/home/me/shop.archipel.json"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            data-autofocus
            spellCheck={false}
          />
          <Button type="submit" disabled={path.trim() === ''}>
            Open
          </Button>
        </Group>
      </form>
      {templates.length > 0 && <Divider label="or start from a template" />}
      {templates.map((template) => (
        <UnstyledButton
          key={template.path}
          className={classes.template}
          aria-label={`Open template ${template.title}`}
          onClick={() => {
            closeDialog();
            openTemplate(template.path);
          }}
        >
          <Text fw={600} size="sm">
            {template.title}
          </Text>
          <Text c="dimmed" size="xs" mt={2} lineClamp={2}>
            {template.description}
          </Text>
        </UnstyledButton>
      ))}
      <ComparisonCards onOpen={closeDialog} />
    </Stack>
  );
}
