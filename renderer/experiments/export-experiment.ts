import { notifications } from '@mantine/notifications';
import type { ExperimentFormat } from '../../engine/api/engine.ts';
import { type Experiment, experimentSchema } from '../../engine/model/experiment.ts';
import { schemaErrors } from '../../engine/model/issues.ts';
import { handOut } from '../documents/hand-out.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { key, t } from '../i18n/t.ts';
import { fileName } from '../stores/file.ts';
import { showError } from '../stores/session.ts';

export const exportFormats = [
  { format: 'archipel', title: key('Archipel (*.experiment.json)') },
  { format: 'chaostoolkit', title: key('Chaos Toolkit (JSON)') },
] as const;

/** Gives the experiment out as a file; one that is not whole yet is refused with all that is wrong with it. */
export async function exportExperiment(experiment: Experiment, format: ExperimentFormat): Promise<void> {
  const title = t('The experiment was not exported');
  const errors = schemaErrors(experimentSchema, experiment);
  if (errors.length > 0)
    return showError(title, {
      code: 'document-invalid',
      message: t('It is not valid yet:'),
      nextStep: t('Solve these problems, then export it again.'),
      errors,
    });
  try {
    const file = await engine.experiments.export.query({ experiment, format });
    const path = await handOut({
      fileName: file.fileName,
      file: async () => file,
      save: (chosen) => engine.experiments.save.mutate({ experiment, format, path: chosen }),
    });
    if (path !== null)
      notifications.show({ message: t('Saved {{name}}', { name: fileName(path) }), color: 'teal', autoClose: 1800 });
  } catch (error) {
    showError(title, shownError(error));
  }
}
