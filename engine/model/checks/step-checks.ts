import type { DocumentError } from '../definition.ts';
import { edgeConfigSchema } from '../edge.ts';
import { schemaErrors } from '../issues.ts';
import { mergePatch } from '../merge-patch.ts';
import { unknownEdge, unknownNode } from '../probes/names.ts';
import { checkChange } from './change-checks.ts';
import { checkFault } from './fault-checks.ts';
import { type Loose, nodeById, type Outline, object, oneOf, text } from './outline.ts';
import { checkRewind } from './rewind-checks.ts';

type Check = (step: Loose, path: string, outline: Outline) => DocumentError[];

const checks: Record<string, Check> = {
  fault: checkFault,
  scale: checkChange,
  deploy: checkChange,
  rewind: checkRewind,
  edit: checkEdit,
  traffic: checkTraffic,
};

/** What a step names exists and fits. */
export const checkStep: Check = (step, path, outline) => checks[text(step.type) ?? '']?.(step, path, outline) ?? [];

/** The config with the changes is still one that its schema takes. */
function checkEdit(step: Loose, path: string, outline: Outline): DocumentError[] {
  const target = object(step.target);
  const [nodeId, edgeId] = [text(target.node), text(target.edge)];
  const changed = (config: unknown): unknown => mergePatch(config ?? {}, object(step.config));
  if (nodeId) {
    const node = nodeById(outline, nodeId);
    if (!node) return [unknownNode(nodeId, `${path}.target.node`, outline)];
    if (!node.definition || !node.config) return [];
    return schemaErrors(node.definition.config, changed(node.config.value), `${path}.config`);
  }
  if (!edgeId) return [];
  const edge = outline.edges.find(({ id }) => id === edgeId);
  if (!edge) return [unknownEdge(edgeId, `${path}.target.edge`, outline)];
  return schemaErrors(edgeConfigSchema, changed(edge.config), `${path}.config`);
}

function checkTraffic({ action, scenario }: Loose, path: string, outline: Outline): DocumentError[] {
  const name = text(scenario);
  if (action === 'stop')
    return name === null
      ? []
      : [
          {
            path: `${path}.scenario`,
            message: 'says what to send, and "stop" sends nothing',
            nextStep: 'Leave it out.',
          },
        ];
  const names = outline.scenarios.map((known) => known.name);
  if (name === null)
    return [{ path: `${path}.scenario`, message: 'is missing', nextStep: oneOf(names, 'Add a scenario.') }];
  if (name === '' || names.includes(name)) return [];
  return [
    { path: `${path}.scenario`, message: `there is no scenario "${name}"`, nextStep: oneOf(names, 'Add a scenario.') },
  ];
}
