import type { DocumentError } from '../definition.ts';
import { versionsOf } from '../deploy.ts';
import { replicaCounting } from '../replica-count.ts';
import { autoscalingOf } from '../scaling.ts';
import {
  type Loose,
  list,
  type Named,
  nodeById,
  type Outline,
  type OutlineNode,
  object,
  oneOf,
  text,
} from './outline.ts';

/** A step of a method that scales or deploys names a node that can be scaled or deployed, and a version that it has. */
export function checkChange(step: Loose, path: string, outline: Outline): DocumentError[] {
  if (step.type !== 'scale' && step.type !== 'deploy') return [];
  const id = text(step.node);
  if (id === null || id === '') return [];
  const node = nodeById(outline, id);
  if (!node) return [unknownNode(id, path, outline)];
  if (!node.config || !node.definition) return [];
  return step.type === 'scale' ? checkScale(node, path) : checkDeploy(node, text(step.version), path);
}

function checkScale({ id, kind, definition, config }: OutlineNode, path: string): DocumentError[] {
  const { field } = replicaCounting(definition ?? undefined);
  if (!(field in (config?.value ?? {})))
    return [
      {
        path: `${path}.node`,
        message: `"${id}" is a ${kind}, which always runs as one process`,
        nextStep: 'Scale a node that has replicas.',
      },
    ];
  if (autoscalingOf(config?.value ?? {}))
    return [
      {
        path: `${path}.node`,
        message: `"${id}" is scaled by its autoscaler`,
        nextStep: 'Turn its autoscaling off, or watch it with a step of type "observe".',
      },
    ];
  return [];
}

function checkDeploy({ id, kind, config }: OutlineNode, version: string | null, path: string): DocumentError[] {
  if (!('versions' in (config?.value ?? {})))
    return [
      {
        path: `${path}.node`,
        message: `"${id}" is a ${kind}, which has no versions`,
        nextStep: 'Deploy a service or a server.',
      },
    ];
  const names = versionsOf(config?.value ?? {}).map(({ name }) => name);
  if (version === null || version === '' || names.includes(version)) return [];
  return [
    {
      path: `${path}.version`,
      message: `"${id}" has no version "${version}"`,
      nextStep: oneOf(names, 'Add it to the versions of the node.'),
    },
  ];
}

/** What is measured on a change is measured on a node that exists, and only while something is changed. */
export function checkChangeProbes({ raw, path }: Named, outline: Outline): DocumentError[] {
  const measured = (probes: unknown, at: string) =>
    list(probes).flatMap((probe, index) => {
      const measure = object(object(probe).measure);
      const node = text(measure.node);
      const ofChange = measure.type === 'time-to-scale' || measure.type === 'blast-radius';
      return ofChange && node ? [{ node, path: `${path}.${at}[${index}].measure` }] : [];
    });
  return [
    ...measured(object(raw.steadyStateHypothesis).probes, 'steadyStateHypothesis.probes').map((probe) => ({
      path: `${probe.path}.type`,
      message: 'is of a change, and in the steady state nothing changes',
      nextStep: 'Probe it in "during".',
    })),
    ...measured(raw.during, 'during').flatMap((probe) =>
      nodeById(outline, probe.node) ? [] : [unknownNode(probe.node, probe.path, outline)],
    ),
  ];
}

const unknownNode = (id: string, path: string, outline: Outline): DocumentError => ({
  path: `${path}.node`,
  message: `there is no node "${id}"`,
  nextStep: oneOf(
    outline.nodes.map((candidate) => candidate.id),
    'Add the node.',
  ),
});
