import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconFlask, IconPlus, IconTimeline, IconTrash } from '@tabler/icons-react';
import { addExperiments, openExperiment, removeExperiment } from '../experiments/experiment-edits.ts';
import { VerdictBadge } from '../experiments/VerdictBadge.tsx';
import { useT } from '../i18n/t.ts';
import { runExperiment } from '../running/run-actions.ts';
import { useDocument } from '../stores/document.ts';
import { firstExperiment } from '../stores/first-experiment.ts';
import { useProblems } from '../stores/problems.ts';
import { useRun } from '../stores/run.ts';
import { showBottom } from '../stores/session.ts';

export function ExperimentList() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const problems = useProblems(({ errors }) => errors);
  const busy = useRun(
    ({ frame, busy }) => busy !== null || (frame?.experiment != null && frame.experiment.phase !== 'done'),
  );
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const draft = firstExperiment(document);
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t(
          'An experiment watches the steady state, injects faults under load, and gives a measured verdict on its statement.',
        )}
      </Text>
      {document.experiments.map((experiment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an experiment's name is what is being typed
        <Stack key={index} gap={6}>
          <Text size="sm" fw={600}>
            {experiment.title}
          </Text>
          {experiment.statement && <Text size="xs">{experiment.statement}</Text>}
          <Button
            size="xs"
            leftSection={<IconFlask size={15} />}
            disabled={busy}
            aria-label={t('Run experiment {{title}}', { title: experiment.title })}
            onClick={() => void runExperiment(experiment.name)}
          >
            {t('Run experiment')}
          </Button>
          {last?.experiment.name === experiment.name && (
            <Text size="xs" component="div">
              {t('Last verdict:')} <VerdictBadge verdict={last.verdict} />
            </Text>
          )}
          <Group gap={6} wrap="nowrap">
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconTimeline size={14} />}
              aria-label={t('Edit experiment {{title}}', { title: experiment.title })}
              onClick={() => {
                openExperiment(index);
                showBottom('experiments');
              }}
            >
              {t('Timeline')}
            </Button>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="red"
              aria-label={t('Remove experiment {{title}}', { title: experiment.title })}
              onClick={() => removeExperiment(index)}
            >
              <IconTrash size={14} />
            </ActionIcon>
            {problems.some(({ path }) => path.startsWith(`$.experiments[${index}]`)) && (
              <Text size="xs" c="red">
                {t('has problems')}
              </Text>
            )}
          </Group>
        </Stack>
      ))}
      <Button
        size="xs"
        variant="light"
        leftSection={<IconPlus size={14} />}
        disabled={draft === null}
        onClick={() =>
          draft && openExperiment(addExperiments([draft], t('create “{{title}}”', { title: draft.title })))
        }
      >
        {t('Add experiment')}
      </Button>
      {draft === null && (
        <Text size="xs" c="dimmed">
          {t('First add a scenario, and a node to kill.')}
        </Text>
      )}
    </Stack>
  );
}
