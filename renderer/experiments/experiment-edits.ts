import type { Experiment } from '../../engine/model/experiment.ts';
import { t } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { freeId } from '../stores/document-edits.ts';
import { useSession } from '../stores/session.ts';
import { withValueAt } from '../stores/value-at.ts';

/** Changes one experiment of the document; `name` is what undo calls it, `step` as in `edit`. */
export function editExperiment(
  index: number,
  change: (experiment: Experiment) => Experiment,
  options: { step?: string; name: string },
): void {
  edit((document) => {
    const before = document.experiments[index];
    if (!before) return document;
    const after = change(before);
    return after === before ? document : withValueAt(document, ['experiments', index], after);
  }, options);
}

/** Adds experiments behind the others, each with a name that is free; says where the first came to stand. */
export function addExperiments(added: readonly Experiment[], name: string): number {
  const index = useDocument.getState().document.experiments.length;
  edit(
    (document) => {
      const experiments = [...document.experiments];
      for (const experiment of added)
        experiments.push({
          ...experiment,
          name: freeId(
            experiment.name,
            experiments.map((other) => other.name),
          ),
        });
      return { ...document, experiments };
    },
    { name },
  );
  return index;
}

export function duplicateExperiment(index: number): number {
  const experiment = useDocument.getState().document.experiments[index];
  if (!experiment) return index;
  const copy = {
    ...structuredClone(experiment),
    title: t('{{title}} (copy)', { title: experiment.title }).slice(0, 200),
  };
  return addExperiments([copy], t('duplicate “{{title}}”', { title: experiment.title }));
}

export function removeExperiment(index: number): void {
  const title = useDocument.getState().document.experiments[index]?.title ?? '';
  edit((document) => ({ ...document, experiments: document.experiments.filter((_, other) => other !== index) }), {
    name: t('delete “{{title}}”', { title }),
  });
}

export const openExperiment = (experiment: number): void => useSession.setState({ experiment, selectedStep: null });
