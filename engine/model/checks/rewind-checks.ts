import type { DocumentError } from '../definition.ts';
import { delivers } from '../dialling.ts';
import { unknownNode } from '../probes/names.ts';
import { type Loose, nodeById, type Outline, oneOf, text } from './outline.ts';

/** A step that sets a group back names a log of a broker. */
export function checkRewind(step: Loose, path: string, outline: Outline): DocumentError[] {
  const id = text(step.node);
  if (id === null || id === '') return [];
  const node = nodeById(outline, id);
  if (!node) return [unknownNode(id, `${path}.node`, outline)];
  if (!node.definition || !node.config) return [];
  const known = delivers(node.definition) ? (node.definition.destinations?.(node.config.value) ?? []) : [];
  const logs = known.filter(({ pattern }) => pattern === 'log').map(({ name }) => name);
  if (logs.length === 0)
    return [
      {
        path: `${path}.node`,
        message: `"${id}" is a ${node.kind} without a topic or stream, and nothing else can be read again`,
        nextStep: 'Name a broker with one.',
      },
    ];
  const wanted = text(step.destination);
  if (wanted === null || wanted === '' || logs.includes(wanted)) return [];
  return [
    {
      path: `${path}.destination`,
      message: `"${id}" has no topic or stream "${wanted}"`,
      nextStep: oneOf(logs, 'Add one to the broker.'),
    },
  ];
}
