import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { scenarioSchema } from '../../engine/model/scenario.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { addScenario } from '../stores/document-edits.ts';
import { useProblems } from '../stores/problems.ts';
import { withValueAt } from '../stores/value-at.ts';
import { choicesForScenario } from './choices.ts';
import { Fold } from './Fold.tsx';
import { SchemaForm } from './form/SchemaForm.tsx';
import { ScenarioPreview } from './ScenarioPreview.tsx';

export function ScenarioList() {
  const t = useT();
  const scenarios = useDocument(({ document }) => document.scenarios);
  const problems = useProblems(({ errors }) => errors);
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t(
          'A scenario says which requests arrive and how fast. Run sends one until it is over or you stop; changes count from the next Run.',
        )}
      </Text>
      {scenarios.map((scenario, index) => (
        <Fold
          // biome-ignore lint/suspicious/noArrayIndexKey: a scenario's name is what is being typed
          key={index}
          title={scenario.name || t('no name')}
          startsOpen={scenarios.length === 1}
          invalid={problems.some(({ path }) => path.startsWith(`$.scenarios[${index}]`))}
          action={
            <ActionIcon
              size="sm"
              variant="subtle"
              color="red"
              aria-label={t('Remove scenario {{name}}', { name: scenario.name })}
              onClick={() =>
                edit((document) => ({
                  ...document,
                  scenarios: document.scenarios.filter((_, other) => other !== index),
                }))
              }
            >
              <IconTrash size={14} />
            </ActionIcon>
          }
        >
          <ScenarioPreview scenario={scenario} />
          <SchemaForm
            schema={scenarioSchema}
            value={scenario}
            problems={problems}
            root={`$.scenarios[${index}]`}
            onChange={(path, value) =>
              edit((document) => withValueAt(document, ['scenarios', index, ...path], value), {
                step: `scenario ${index} ${path.join(' ')}`,
              })
            }
            onLeave={closeStep}
            choices={choicesForScenario}
          />
        </Fold>
      ))}
      <Group>
        <Button
          size="xs"
          variant="light"
          leftSection={<IconPlus size={14} />}
          onClick={() => edit((document) => addScenario(document))}
        >
          {t('Add scenario')}
        </Button>
      </Group>
    </Stack>
  );
}
