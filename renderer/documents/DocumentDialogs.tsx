import { Button, Code, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { catalogue } from '../../engine/catalogue.ts';
import { codeIn } from '../../engine/model/code.ts';
import { pasteFragment } from '../canvas/clipboard.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { emptyDocument } from '../stores/document.ts';
import type { Fragment } from '../stores/fragment.ts';
import { closeDialog, type Dialog, useSession } from '../stores/session.ts';
import { ErrorReport } from './ErrorReport.tsx';
import { save } from './file-actions.ts';
import { ImportReport } from './ImportReport.tsx';
import { OpenForm } from './OpenForm.tsx';
import { SaveAsForm } from './SaveAsForm.tsx';
import { SaveTemplateForm } from './SaveTemplateForm.tsx';

const titles: Record<Exclude<Dialog['type'], 'error'>, Key> = {
  'save-template': key('Save as template'),
  imported: key('Imported'),
  open: key('Open a document'),
  'save-as': key('Save as'),
  discard: key('Unsaved changes'),
  'paste-code': key('What you paste holds code'),
};

export function DocumentDialogs() {
  const t = useT();
  const dialog = useSession((state) => state.dialog);
  return (
    <Modal
      opened={dialog !== null}
      onClose={closeDialog}
      title={dialog?.type === 'error' ? dialog.title : dialog ? t(titles[dialog.type]) : ''}
      size={dialog?.type === 'error' || dialog?.type === 'open' ? 'lg' : 'md'}
      centered
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': t('Close') }}
      transitionProps={{ duration: 120 }}
    >
      {dialog?.type === 'open' && <OpenForm />}
      {dialog?.type === 'save-as' && <SaveAsForm />}
      {dialog?.type === 'discard' && <DiscardQuestion proceed={dialog.proceed} />}
      {dialog?.type === 'save-template' && <SaveTemplateForm />}
      {dialog?.type === 'imported' && <ImportReport name={dialog.name} notes={dialog.notes} />}
      {dialog?.type === 'paste-code' && <PasteQuestion fragment={dialog.fragment} />}
      {dialog?.type === 'error' && <ErrorReport error={dialog.error} />}
    </Modal>
  );
}

function DiscardQuestion({ proceed }: { proceed: () => void }) {
  const t = useT();
  const saveFirst = async () => {
    closeDialog();
    if (await save()) proceed();
  };
  const discard = () => {
    closeDialog();
    proceed();
  };
  return (
    <Stack>
      <Text size="sm">{t('This document has edits that were not saved. Going on without saving loses them.')}</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={closeDialog}>
          {t('Cancel')}
        </Button>
        <Button variant="light" color="red" onClick={discard}>
          {t('Discard changes')}
        </Button>
        <Button onClick={() => void saveFirst()}>{t('Save first')}</Button>
      </Group>
    </Stack>
  );
}

/** Code that was not written in this window runs on the person's machine once it is pasted; so they read it first. */
function PasteQuestion({ fragment }: { fragment: Fragment }) {
  const t = useT();
  return (
    <Stack>
      <Text size="sm">
        {t(
          'It would run on your machine, with your rights, when you press Run. Paste it only if you know where it is from.',
        )}
      </Text>
      <ScrollArea.Autosize mah={300} type="auto">
        <Stack gap={6}>
          {codeIn({ ...emptyDocument(), ...fragment }, catalogue).map(({ nodeId, path, text }) => (
            <div key={path}>
              <Text size="xs" c="dimmed">
                <b>{nodeId}</b> · {path}
              </Text>
              <Code block>{text}</Code>
            </div>
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={closeDialog}>
          {t('Do not paste')}
        </Button>
        <Button
          color="yellow"
          onClick={() => {
            closeDialog();
            pasteFragment(fragment);
          }}
        >
          {t('Trust and paste')}
        </Button>
      </Group>
    </Stack>
  );
}
