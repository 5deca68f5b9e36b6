import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { closeDialog, useSession } from '../stores/session.ts';
import { ErrorReport } from './ErrorReport.tsx';
import { save } from './file-actions.ts';
import { OpenForm } from './OpenForm.tsx';
import { SaveAsForm } from './SaveAsForm.tsx';

const titles = { open: 'Open a document', 'save-as': 'Save as', discard: 'Unsaved changes', error: '' };

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
