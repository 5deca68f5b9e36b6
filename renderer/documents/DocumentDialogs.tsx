import { Button, Code, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { catalogue } from '../../engine/catalogue.ts';
import { codeIn } from '../../engine/model/code.ts';
import { pasteFragment } from '../canvas/clipboard.ts';
import { emptyDocument } from '../stores/document.ts';
import type { Fragment } from '../stores/fragment.ts';
import { closeDialog, useSession } from '../stores/session.ts';
import { ErrorReport } from './ErrorReport.tsx';
import { save } from './file-actions.ts';
import { ImportReport } from './ImportReport.tsx';
import { OpenForm } from './OpenForm.tsx';
import { SaveAsForm } from './SaveAsForm.tsx';
import { SaveTemplateForm } from './SaveTemplateForm.tsx';

const titles = {
  'save-template': 'Save as template',
  imported: 'Imported',
  open: 'Open a document',
  'save-as': 'Save as',
  discard: 'Unsaved changes',
  'paste-code': 'What you paste holds code',
  error: '',
};

export function DocumentDialogs() {
  const dialog = useSession((state) => state.dialog);
  return (
    <Modal
      opened={dialog !== null}
      onClose={closeDialog}
      title={dialog?.type === 'error' ? dialog.title : dialog ? titles[dialog.type] : ''}
      size={dialog?.type === 'error' || dialog?.type === 'open' ? 'lg' : 'md'}
      centered
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
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
      <Text size="sm">This document has edits that were not saved. Going on without saving loses them.</Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={closeDialog}>
          Cancel
        </Button>
        <Button variant="light" color="red" onClick={discard}>
          Discard changes
        </Button>
        <Button onClick={() => void saveFirst()}>Save first</Button>
      </Group>
    </Stack>
  );
}

/** Code that was not written in this window runs on the person's machine once it is pasted; so they read it first. */
function PasteQuestion({ fragment }: { fragment: Fragment }) {
  return (
    <Stack>
      <Text size="sm">
        It would run on your machine, with your rights, when you press Run. Paste it only if you know where it is from.
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
          Do not paste
        </Button>
        <Button
          color="yellow"
          onClick={() => {
            closeDialog();
            pasteFragment(fragment);
          }}
        >
          Trust and paste
        </Button>
      </Group>
    </Stack>
  );
}
