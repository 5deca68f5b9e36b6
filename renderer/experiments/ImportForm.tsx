import { Button, FileButton, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { addExperiments, openExperiment } from './experiment-edits.ts';
import { readExperiments } from './experiment-text.ts';

/** What an experiment of Chaos Toolkit came to: taken over by the engine, with what of it cannot be run here. */
type Foreign = { experiment: Experiment; reports: string[] } | { problem: string };

/** Takes experiments in from a text or a file. */
export function ImportForm({ onDone }: { onDone(): void }) {
  const t = useT();
  const [text, setText] = useState('');
  const read = useMemo(() => (text.trim() === '' ? null : readExperiments(text)), [text]);
  const [foreign, setForeign] = useState<Foreign | null>(null);
  const scenario = useDocument(({ document }) => document.scenarios[0]?.name ?? null);
  useEffect(() => {
    let current = true;
    setForeign(null);
    if (read && 'toolkit' in read)
      engine.experiments.import.query({ value: read.toolkit, scenario }).then(
        (imported) => current && setForeign(imported),
        (error: unknown) => current && setForeign({ problem: problemOf(shownError(error)) }),
      );
    return () => {
      current = false;
    };
  }, [read, scenario]);
  const problem = read && 'problem' in read ? read.problem : foreign && 'problem' in foreign ? foreign.problem : null;
  const taken =
    read && 'experiments' in read ? read.experiments : foreign && 'experiment' in foreign ? [foreign.experiment] : [];
  const reports = foreign && 'reports' in foreign ? foreign.reports : [];
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t(
          'An experiment, a list of them, or a whole document, whose experiments are taken; or an experiment of Chaos Toolkit, under the first scenario here. What they name must exist here; what does not is listed as a problem.',
        )}
      </Text>
      <Textarea
        label={t('Text of the file')}
        data-autofocus
        autosize
        minRows={8}
        maxRows={18}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        error={problem}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 11.5 } }}
      />
      {foreign && 'experiment' in foreign && (
        <div data-testid="import-reports">
          <Text size="sm" fw={600}>
            {reports.length === 0
              ? t('From Chaos Toolkit: all of it can be run here.')
              : t('From Chaos Toolkit: not all of it can be run here.')}
          </Text>
          <List size="xs">
            {reports.map((report) => (
              <List.Item key={report}>{said(report)}</List.Item>
            ))}
          </List>
        </div>
      )}
      <Group justify="space-between">
        <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(setText)}>
          {(props) => (
            <Button size="xs" variant="default" {...props}>
              {t('Choose a file…')}
            </Button>
          )}
        </FileButton>
        <Button
          size="xs"
          disabled={taken.length === 0}
          onClick={() => {
            openExperiment(addExperiments(taken, t('import experiments')));
            onDone();
          }}
        >
          {taken.length > 1 ? t('Import {{count}} experiments', { count: taken.length }) : t('Import')}
        </Button>
      </Group>
    </Stack>
  );
}

const problemOf = ({ message, errors }: ShownError): string =>
  errors.length > 0 ? errors.map((error) => `${error.path} ${said(error.message)}`).join('; ') : said(message);
