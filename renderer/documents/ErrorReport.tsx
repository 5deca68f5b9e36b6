import { Button, Code, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { DocumentError } from '../../engine/model/definition.ts';
import type { ShownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useFile } from '../stores/file.ts';
import { closeDialog } from '../stores/session.ts';
import { openPath, saveAs } from './file-actions.ts';

/** What went wrong, why and what to do; for a document all its problems with their places. */
export function ErrorReport({ error }: { error: ShownError }) {
  const t = useT();
  return (
    <Stack gap="sm" role="alert">
      <Text size="sm">{said(error.message)}</Text>
      {error.errors.length > 0 && (
        <ScrollArea.Autosize mah={320}>
          <ProblemList errors={error.errors} />
        </ScrollArea.Autosize>
      )}
      {error.nextStep && (
        <Text size="sm" c="dimmed">
          {said(error.nextStep)}
        </Text>
      )}
      {error.code === 'document-conflict' ? (
        <ConflictButtons />
      ) : (
        <Group justify="flex-end">
          <Button variant="default" onClick={closeDialog}>
            {t('Close')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ProblemList({ errors }: { errors: readonly DocumentError[] }) {
  useT();
  return (
    <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {errors.map(({ path, message, nextStep }) => (
        <li key={`${path} ${message}`}>
          <Text size="sm">
            <Code fz={11}>{path}</Code> {said(message)}
          </Text>
          <Text size="xs" c="dimmed">
            {said(nextStep)}
          </Text>
        </li>
      ))}
    </Stack>
  );
}

function ConflictButtons() {
  const t = useT();
  const path = useFile((state) => state.path);
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={closeDialog}>
        {t('Keep editing')}
      </Button>
      {path !== null && (
        <Button
          variant="light"
          color="red"
          onClick={() => {
            closeDialog();
            openPath(path);
          }}
        >
          {t('Open the file as it is on disk')}
        </Button>
      )}
      <Button
        onClick={() => {
          closeDialog();
          void saveAs();
        }}
      >
        {t('Save as…')}
      </Button>
    </Group>
  );
}
