import { Button, Code, Group, ScrollArea, Stack, Text } from '@mantine/core';
import type { DocumentError } from '../../engine/model/definition.ts';
import type { ShownError } from '../engine-client/errors.ts';
import { useFile } from '../stores/file.ts';
import { closeDialog } from '../stores/session.ts';
import { openPath, saveAs } from './file-actions.ts';

/** What went wrong, why and what to do; for a document all its problems with their places. */
export function ErrorReport({ error }: { error: ShownError }) {
  return (
    <Stack gap="sm" role="alert">
      <Text size="sm">{error.message}</Text>
      {error.errors.length > 0 && (
        <ScrollArea.Autosize mah={320}>
          <ProblemList errors={error.errors} />
        </ScrollArea.Autosize>
      )}
      {error.nextStep && (
        <Text size="sm" c="dimmed">
          {error.nextStep}
        </Text>
      )}
      {error.code === 'document-conflict' ? (
        <ConflictButtons />
      ) : (
        <Group justify="flex-end">
          <Button variant="default" onClick={closeDialog}>
            Close
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ProblemList({ errors }: { errors: readonly DocumentError[] }) {
  return (
    <Stack gap={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {errors.map(({ path, message, nextStep }) => (
        <li key={`${path} ${message}`}>
          <Text size="sm">
            <Code fz={11}>{path}</Code> {message}
          </Text>
          <Text size="xs" c="dimmed">
            {nextStep}
          </Text>
        </li>
      ))}
    </Stack>
  );
}

function ConflictButtons() {
  const path = useFile((state) => state.path);
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={closeDialog}>
        Keep editing
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
          Open the file as it is on disk
        </Button>
      )}
      <Button
        onClick={() => {
          closeDialog();
          void saveAs();
        }}
      >
        Save as…
      </Button>
    </Group>
  );
}
