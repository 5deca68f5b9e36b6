import type { DocumentError } from '../definition.ts';
import { versionsOf } from '../deploy.ts';
import { unknownNode } from '../probes/names.ts';
import { replicaCounting } from '../replica-count.ts';
import { autoscalingOf } from '../scaling.ts';
import { type Loose, nodeById, type Outline, type OutlineNode, oneOf, text } from './outline.ts';

/** A step of a method that scales or deploys names a node that can be scaled or deployed, and a version that it has. */
export function checkChange(step: Loose, path: string, outline: Outline): DocumentError[] {
  if (step.type !== 'scale' && step.type !== 'deploy') return [];
  const id = text(step.node);
  if (id === null || id === '') return [];
  const node = nodeById(outline, id);
  if (!node) return [unknownNode(id, `${path}.node`, outline)];
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
