import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { schemaErrors } from '../../engine/model/issues.ts';
import { type ComparisonPlan, comparisonSchema } from '../../engine/model/repetition.ts';
import { titleOfTemplate } from '../documents/template-text.ts';
import { useTemplates } from '../documents/use-templates.ts';
import { engine } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { choicesForExperiment } from '../inspector/choices.ts';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { useComparison } from '../stores/comparison.ts';
import { useDocument } from '../stores/document.ts';
import { directoryOf, fileName, useFile } from '../stores/file.ts';
import { showError } from '../stores/session.ts';
import { withValueAt } from '../stores/value-at.ts';
import { ComparisonFile } from './ComparisonFile.tsx';
import { Measuring } from './Measuring.tsx';
import { startSweep } from './sweep-actions.ts';
import classes from './sweeps.module.css';

/** A: what is on the canvas. B: another document. Both under the same recorded traffic and one budget. */
export function ComparePanel() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const { title, b, plan: written, file } = useComparison();
  const path = useFile((state) => state.path);
  const plan = written ?? { scenario: document.scenarios[0]?.name ?? '' };
  const problems = schemaErrors(comparisonSchema, plan);
  const [problem] = problems;
  const refusal = !b
    ? t('Choose document B first.')
    : problem
      ? `${said(problem.message)}. ${said(problem.nextStep)}`
      : null;
  return (
    <Measuring
      title={title || t('A/B: two documents')}
      question={t(
        'Which is better under the same recorded traffic, and by how much? Both are run in turns: A, B, B, A.',
      )}
      is={({ type }) => type === 'ab'}
      refusal={refusal}
      onRun={() =>
        startSweep((a) => ({
          type: 'ab',
          a,
          b: b ?? a,
          plan: comparisonSchema.parse(plan) as ComparisonPlan,
        }))
      }
    >
      <div className={classes.form}>
        <ComparisonFile />
        <Text size="xs">
          <b>A</b> {t('is what is on the canvas: {{name}}', { name: document.name || t('Untitled') })}
          {file &&
            file.a.path !== path &&
            file.a.document !== document &&
            ` ${t('(its file names {{name}})', { name: fileName(file.a.path) })}`}
        </Text>
        <ChooseB chosen={b && `${b.document.name} (${fileName(b.path)})`} />
        <SchemaForm
          schema={comparisonSchema}
          value={plan}
          problems={problems}
          root="$"
          onChange={(path, value) => useComparison.setState({ plan: withValueAt(plan, path, value) })}
          choices={choicesForExperiment('')}
        />
      </div>
    </Measuring>
  );
}

function ChooseB({ chosen }: { chosen: string | null }) {
  const t = useT();
  const templates = useTemplates();
  const [path, setPath] = useState('');
  const load = async (from: string | null): Promise<void> => {
    if (!from) return;
    try {
      const { document, path: opened } = await engine.documents.open.query({ path: from });
      useComparison.setState({ b: { path: opened, document, directory: directoryOf(opened) } });
    } catch (error) {
      showError(t('{{name}} was not opened', { name: fileName(from) }), shownError(error));
    }
  };
  return (
    <Group gap="xs" align="flex-end" my={8}>
      <Select
        size="xs"
        label={t('B from a template')}
        placeholder={t('Choose')}
        value={null}
        data={templates.map((template) => ({ value: template.path, label: titleOfTemplate(template) }))}
        onChange={(next) => void load(next)}
      />
      {desktop ? (
        <Button size="xs" variant="default" onClick={() => void desktop?.openDialog().then(load)}>
          {t('B from a file…')}
        </Button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void load(path.trim());
          }}
        >
          <Group gap={4} align="flex-end" wrap="nowrap">
            <TextInput
              size="xs"
              label={t('B from a file')}
              placeholder="/home/me/other.archipel.json"
              value={path}
              onChange={(event) => setPath(event.currentTarget.value)}
              spellCheck={false}
            />
            <Button size="xs" variant="default" type="submit" disabled={path.trim() === ''}>
              {t('Choose')}
            </Button>
          </Group>
        </form>
      )}
      <Text size="xs" data-testid="document-b">
        <b>B</b> {chosen ? t('is {{name}}', { name: chosen }) : t('is not chosen yet')}
      </Text>
    </Group>
  );
}
