import { ActionIcon, Select, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { z } from 'zod';
import { jsonPath } from '../../engine/model/json-path.ts';
import { methodStepSchema, rollbackStepSchema } from '../../engine/model/step.ts';
import { editExperiment } from '../experiments/experiment-edits.ts';
import { addableTypes, newStep } from '../experiments/timeline/new-step.ts';
import { StepIcon } from '../experiments/timeline/step-icon.tsx';
import { stepTypeTitles } from '../experiments/timeline/step-title.ts';
import { type Step, type StepPath, stepAt } from '../experiments/timeline/steps.ts';
import { faultDefinition } from '../faults/presentation.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, useDocument } from '../stores/document.ts';
import { useProblems } from '../stores/problems.ts';
import { useSession } from '../stores/session.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { choicesForExperiment, parametersOfFault } from './choices.ts';
import { FaultStepFields } from './FaultStepFields.tsx';
import { labelOf } from './form/labels.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import classes from './Inspector.module.css';

interface Props {
  /** Place of the experiment in the document. */
  index: number;
  path: StepPath;
}

/** The form of the step that is selected on the timeline. */
export function StepInspector({ index, path }: Props) {
  const t = useT();
  const experiment = useDocument(({ document }) => document.experiments[index]);
  const problems = useProblems(({ errors }) => errors);
  const step = experiment ? stepAt(experiment, path) : undefined;
  const change = useCallback(
    (at: ValuePath, value: unknown) =>
      editExperiment(index, (before) => withValueAt(before, [...path, ...at], value), {
        name: t('change {{what}}', { what: said(labelOf(String(at[0] ?? ''))) }),
        step: `experiment ${index} ${[...path, ...at].join(' ')}`,
      }),
    [index, path, t],
  );
  if (!experiment || !step) return null;
  const inRollbacks = path[0] === 'rollbacks';
  const schema = schemaOf(step.type, inRollbacks);
  const isFault = step.type === 'fault';
  return (
    <>
      <div className={classes.head}>
        <StepIcon step={step} size={20} />
        <Text fw={600} size="sm" style={{ flex: 1 }}>
          {t(stepTypeTitles[step.type])}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('Close the form of the step')}
          onClick={() => useSession.setState({ selectedStep: null })}
        >
          <IconX size={17} />
        </ActionIcon>
      </div>
      <div className={classes.body} data-testid="step-form">
        <Stack gap="sm">
          {!inRollbacks && step.type !== 'parallel' && (
            <Select
              size="xs"
              label={t('What it does')}
              data={[...new Set([...addableTypes, step.type])].map((type) => ({
                value: type,
                label: t(stepTypeTitles[type]),
              }))}
              value={step.type}
              allowDeselect={false}
              onChange={(type) => {
                const made = addableTypes.find((known) => known === type);
                if (made) change([], keepingFields(newStep(made, useDocument.getState().document), step));
              }}
            />
          )}
          {isFault && <FaultStepFields step={step} change={change} />}
          {schema && (
            <SchemaForm
              schema={schema}
              value={step}
              problems={problems}
              root={jsonPath(['experiments', index, ...path], '$')}
              onChange={change}
              onLeave={closeStep}
              choices={choicesForExperiment(experiment.scenario)}
              schemaOf={parametersOfFault}
              omit={omitted(step)}
            />
          )}
          <Text size="xs" c="dimmed">
            {t(
              'On the timeline: arrows move it, Shift+arrows make it longer or shorter, Alt+arrows change its place in the order, Delete takes it out.',
            )}
          </Text>
        </Stack>
      </div>
    </>
  );
}

/** What has a place of its own, and what makes no sense for the fault. */
function omitted(step: Step): string[] {
  if (step.type === 'parallel') return ['branches'];
  if (step.type !== 'fault') return [];
  const definition = faultDefinition(step.fault);
  const draws =
    (definition?.probability ?? 'activation') !== 'activation' || (step.schedule && step.schedule.type !== 'at');
  return [
    'fault',
    'target',
    ...(draws || step.probability < 1 ? [] : ['probability']),
    ...(definition?.ramps || step.rampMs !== undefined ? [] : ['rampMs']),
  ];
}

function schemaOf(type: Step['type'], inRollbacks: boolean): z.ZodType | null {
  const options: readonly z.ZodObject[] = inRollbacks ? rollbackStepSchema.options : methodStepSchema.options;
  return options.find((option) => option.shape.type?.safeParse(type).success) ?? null;
}

/** Another step in the same place: what every step may have stays, and so does a duration. */
function keepingFields(next: Step, { name, background, pauses, ...before }: Step): Step {
  const duration = 'durationMs' in before && 'durationMs' in next ? { durationMs: before.durationMs } : {};
  return {
    ...next,
    ...duration,
    ...(name !== undefined && { name }),
    ...(background !== undefined && { background }),
    ...(pauses !== undefined && { pauses }),
  } as Step;
}
