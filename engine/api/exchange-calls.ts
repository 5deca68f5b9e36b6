import { exportExperiment } from '../experiments/chaostoolkit/export.ts';
import { importExperiment } from '../experiments/chaostoolkit/import.ts';
import { ArchipelError } from '../model/error.ts';
import { type Experiment, experimentFileSchema } from '../model/experiment.ts';
import { schemaErrors } from '../model/issues.ts';
import { isToolkitExperiment } from '../model/toolkit-experiment.ts';
import type { Engine } from './engine.ts';
import { writeChosenFile } from './write-file.ts';

type ExchangeCalls = Pick<Engine, 'importExperiment' | 'exportExperiment' | 'saveExperiment'>;

/** Experiments in and out: as files of their own, or in the words of Chaos Toolkit. */
export const createExchangeCalls = (): ExchangeCalls => ({
  importExperiment({ value, scenario }) {
    const { experiment, reports } = isToolkitExperiment(value)
      ? importExperiment(value, { scenario })
      : { experiment: value, reports: [] };
    const errors = schemaErrors(experimentFileSchema, experiment);
    if (errors.length > 0)
      throw new ArchipelError('document-invalid', 'This is no valid experiment.', 'Correct it at the paths given.', {
        errors,
      });
    const { $schema: _, format: __, document: ___, ...own } = experimentFileSchema.parse(experiment);
    return { experiment: own, reports };
  },
  exportExperiment: (of) => ({
    fileName: `${of.experiment.name.replace(/[^a-z0-9-]+/gi, '-')}.${endings[of.format]}`,
    mediaType: 'application/json',
    content: textOf(of),
    encoding: 'utf8',
  }),
  saveExperiment: ({ path, ...of }) => writeChosenFile(path, textOf(of)),
});

const endings = { archipel: 'experiment.json', chaostoolkit: 'chaostoolkit.json' } as const;

const textOf = ({ experiment, format }: { experiment: Experiment; format: keyof typeof endings }): string =>
  `${JSON.stringify(format === 'archipel' ? { format: 1, ...experiment } : exportExperiment(experiment), null, 2)}\n`;
