import { ActionIcon, Button, FileButton, Group, Modal, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { IconFileExport, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { desktop } from '../engine-client/desktop.ts';
import { useReadOnly } from '../stores/trust.ts';
import { addExperiments, openExperiment } from './experiment-edits.ts';
import { readExperiments, written } from './experiment-text.ts';

/** Experiments as files of their own: taken in from one, and given out as one. */
export function ExperimentFiles({ experiment }: { experiment: Experiment | undefined }) {
  const readOnly = useReadOnly();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Import experiments">
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label="Import experiments"
          disabled={readOnly}
          onClick={() => setOpen(true)}
        >
          <IconFileImport size={15} />
        </ActionIcon>
      </Tooltip>
      {/* The desktop's window downloads nothing; there the text view can be copied. */}
      {desktop === null && (
        <Tooltip label="Export the experiment as a file">
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label="Export the experiment"
            disabled={!experiment}
            onClick={() => experiment && download(experiment)}
          >
            <IconFileExport size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={<b>Import experiments</b>}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ImportForm onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ImportForm({ onDone }: { onDone(): void }) {
  const [text, setText] = useState('');
  const read = text.trim() === '' ? null : readExperiments(text);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        An experiment, a list of them, or a whole document, whose experiments are taken. What they name must exist here;
        what does not is listed as a problem.
      </Text>
      <Textarea
        label="Text of the file"
        data-autofocus
        autosize
        minRows={8}
        maxRows={18}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        error={read && 'problem' in read ? read.problem : undefined}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 11.5 } }}
      />
      <Group justify="space-between">
        <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(setText)}>
          {(props) => (
            <Button size="xs" variant="default" {...props}>
              Choose a file…
            </Button>
          )}
        </FileButton>
        <Button
          size="xs"
          disabled={!read || 'problem' in read}
          onClick={() => {
            if (!read || 'problem' in read) return;
            openExperiment(addExperiments(read.experiments, 'import experiments'));
            onDone();
          }}
        >
          {read && 'experiments' in read && read.experiments.length > 1
            ? `Import ${read.experiments.length} experiments`
            : 'Import'}
        </Button>
      </Group>
    </Stack>
  );
}

function download(experiment: Experiment): void {
  const url = URL.createObjectURL(new Blob([`${written(experiment)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${experiment.name.replace(/[^a-z0-9-]+/gi, '-')}.experiment.json`;
  link.click();
  URL.revokeObjectURL(url);
}
