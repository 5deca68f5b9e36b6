import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { useT } from '../i18n/t.ts';
import { emptyDocument, useDocument } from '../stores/document.ts';
import { fragmentOf, isEmpty } from '../stores/fragment.ts';
import { closeDialog, showError, useSession } from '../stores/session.ts';
import { vouchForEdits } from './trust-actions.ts';

/** Keeps what is selected, or the whole document, as a template. */
export function SaveTemplateForm() {
  const t = useT();
  const { document } = useDocument.getState();
  const fragment = fragmentOf(document, useSession.getState().selectedNodes);
  const whole = isEmpty(fragment);
  const [name, setName] = useState(whole ? document.name : (fragment.nodes[0]?.name ?? t('Template')));
  const [description, setDescription] = useState(whole ? document.description : '');
  const save = async () => {
    closeDialog();
    const template = { ...(whole ? document : { ...emptyDocument(), ...fragment }), name: name.trim(), description };
    try {
      await vouchForEdits(template);
      await engine.documents.saveTemplate.mutate({ document: template });
      notifications.show({
        message: t('“{{name}}” is in the templates', { name: template.name }),
        color: 'teal',
        autoClose: 1800,
      });
    } catch (error) {
      showError(t('The template was not saved'), shownError(error));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) void save();
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {whole
            ? t('The whole document, with its traffic and experiments.')
            : t('What is selected: {{count}} nodes and the connections between them.', {
                count: fragment.nodes.length,
              })}
        </Text>
        <TextInput
          label={t('Name')}
          maxLength={120}
          value={name}
          onChange={({ currentTarget: { value } }) => setName(value)}
          data-autofocus
        />
        <Textarea
          label={t('Description')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={4000}
          value={description}
          onChange={({ currentTarget: { value } }) => setDescription(value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={closeDialog}>
            {t('Cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            {t('Save template')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
