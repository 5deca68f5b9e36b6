import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../i18n/t.ts';
import { useFile } from '../stores/file.ts';
import { closeDialog } from '../stores/session.ts';
import { saveTo, suggestedName } from './file-actions.ts';

/** In a browser tab: where the engine writes the file. */
export function SaveAsForm() {
  const t = useT();
  const current = useFile((state) => state.path);
  const [path, setPath] = useState(() => current ?? suggestedName());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim()) void saveTo(path.trim());
      }}
    >
      <Stack>
        <TextInput
          label={t('Path of the file')}
          description={t('On the machine that runs the engine; a name alone is written where the engine was started.')}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          data-autofocus
          spellCheck={false}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={closeDialog}>
            {t('Cancel')}
          </Button>
          <Button type="submit" disabled={path.trim() === ''}>
            {t('Save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
