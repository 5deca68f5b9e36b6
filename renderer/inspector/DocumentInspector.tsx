import { Stack, Tabs, Text, Textarea, TextInput } from '@mantine/core';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { useSession } from '../stores/session.ts';
import { ExperimentList } from './ExperimentList.tsx';
import classes from './Inspector.module.css';
import { PricesForm } from './PricesForm.tsx';
import { ScenarioList } from './ScenarioList.tsx';

/** Name and description of the document, its traffic and its experiments. */
export function DocumentInspector() {
  const t = useT();
  const { name, description } = useDocument((state) => state.document);
  const tab = useSession((state) => state.documentTab);
  const problems = useProblems(({ errors }) => errors);
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(value) =>
        useSession.setState({ documentTab: value === 'traffic' || value === 'experiments' ? value : 'document' })
      }
      className={classes.tabs}
    >
      <Tabs.List px={14} pt={4}>
        <Tabs.Tab value="document">{t('Document')}</Tabs.Tab>
        <Tabs.Tab value="traffic">{t('Traffic')}</Tabs.Tab>
        <Tabs.Tab value="experiments">{t('Experiments')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="document" className={classes.body}>
        <Stack gap="sm">
          <TextInput
            label={t('Name')}
            size="xs"
            value={name}
            onChange={(event) => {
              const next = event.currentTarget.value;
              edit((document) => ({ ...document, name: next }), { step: 'document name' });
            }}
            onBlur={closeStep}
            error={said(problems.find(({ path }) => path === '$.name')?.message ?? '') || undefined}
          />
          <Textarea
            label={t('Description')}
            size="xs"
            autosize
            minRows={4}
            maxRows={16}
            value={description}
            onChange={(event) => {
              const next = event.currentTarget.value;
              edit((document) => ({ ...document, description: next }), { step: 'document description' });
            }}
            onBlur={closeStep}
            error={said(problems.find(({ path }) => path === '$.description')?.message ?? '') || undefined}
          />
          <PricesForm />
          <Text size="xs" c="dimmed">
            {t('Select a card or a connection to change it.')}
          </Text>
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="traffic" className={classes.body}>
        <ScenarioList />
      </Tabs.Panel>
      <Tabs.Panel value="experiments" className={classes.body}>
        <ExperimentList />
      </Tabs.Panel>
    </Tabs>
  );
}
