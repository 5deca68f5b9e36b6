import { ActionIcon, Button, Group, Menu, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconArrowsSplit, IconCopy, IconPlus, IconTrash } from '@tabler/icons-react';
import type { Experiment } from '../../../engine/model/experiment.ts';
import { useT } from '../../i18n/t.ts';
import { useDocument } from '../../stores/document.ts';
import { useSession } from '../../stores/session.ts';
import { useReadOnly } from '../../stores/trust.ts';
import { editExperiment } from '../experiment-edits.ts';
import { besideNext, duplicateStep, insertStep, removeStep, reorderStep } from './edits.ts';
import { addableTypes, newStep } from './new-step.ts';
import { StepIcon } from './step-icon.tsx';
import { stepTypeTitles } from './step-title.ts';
import type { StepPath } from './steps.ts';

interface Props {
  experiment: Experiment;
  index: number;
  /** The selected step: what is added stands behind it. Null: at the end. */
  after: StepPath | null;
}

type Placed = { experiment: Experiment; path: StepPath | null };

/** What can be done with the order of steps. */
export function AddStep({ experiment, index, after }: Props) {
  const t = useT();
  const readOnly = useReadOnly();
  const apply = ({ experiment: next, path }: Placed, name: string): void => {
    editExperiment(index, () => next, { name });
    useSession.setState({ selectedStep: path, selectedNodes: [], selectedEdges: [] });
  };
  const act = (label: string, name: string, icon: React.ReactNode, change: (path: StepPath) => Placed) => (
    <Tooltip label={label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={readOnly || after === null}
        onClick={() => after && apply(change(after), name)}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={4} wrap="nowrap">
      <Menu position="top-start" width={230}>
        <Menu.Target>
          <Button size="compact-xs" variant="light" leftSection={<IconPlus size={13} />} disabled={readOnly}>
            {t('Add step')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {addableTypes.map((type) => (
            <Menu.Item
              key={type}
              leftSection={<StepIcon step={{ type }} />}
              onClick={() =>
                apply(
                  insertStep(
                    experiment,
                    newStep(type, useDocument.getState().document),
                    after?.[0] === 'method' ? after : null,
                  ),
                  t('add {{what}}', { what: t(stepTypeTitles[type]).toLowerCase() }),
                )
              }
            >
              {t(stepTypeTitles[type])}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {act(t('Earlier (Alt+←)'), t('reorder'), <IconArrowLeft size={15} />, (path) =>
        reorderStep(experiment, path, -1),
      )}
      {act(t('Later (Alt+→)'), t('reorder'), <IconArrowRight size={15} />, (path) => reorderStep(experiment, path, 1))}
      {act(t('Side by side with the next'), t('put side by side'), <IconArrowsSplit size={15} />, (path) =>
        besideNext(experiment, path),
      )}
      {act(t('Duplicate the step'), t('duplicate a step'), <IconCopy size={15} />, (path) =>
        duplicateStep(experiment, path),
      )}
      {act(t('Delete the step (Delete)'), t('delete a step'), <IconTrash size={15} />, (path) => ({
        experiment: removeStep(experiment, path),
        path: null,
      }))}
    </Group>
  );
}
