import type { ArchipelDocument } from '../../../engine/model/document.ts';
import { canHave } from '../../faults/scope.ts';
import { t } from '../../i18n/t.ts';
import type { Step } from './steps.ts';

/** What can be added; the rest comes from other tools, or from putting steps side by side. */
export const addableTypes = [
  'fault',
  'scale',
  'deploy',
  'rewind',
  'edit',
  'traffic',
  'probe',
  'wait',
  'wait-until',
  'wait-for',
  'observe',
] as const;
export type AddableType = (typeof addableTypes)[number];

/** A step of a type to start from; it names what the document has first, so that as little as possible is left to fill in. */
export function newStep(type: AddableType, document: ArchipelDocument): Step {
  const victim =
    document.nodes.find(({ id }) => canHave(document, id, 'handler-error')) ??
    document.nodes.find(({ id }) => canHave(document, id, 'kill'));
  const node = victim?.id ?? '';
  const probe = {
    name: t('requests are answered'),
    measure: { type: 'success-ratio' as const },
    tolerance: { min: 0.99 },
  };
  switch (type) {
    case 'fault':
      return { type, fault: 'kill', target: { node, replica: 0 }, parameters: {}, probability: 1, durationMs: 4000 };
    case 'scale':
      return { type, node, replicas: 2, durationMs: 5000 };
    case 'deploy':
      return { type, node, version: 'v2', durationMs: 8000 };
    case 'rewind':
      return { type, ...firstLog(document), from: { type: 'earliest' } };
    case 'edit':
      return { type, target: { node }, config: {}, durationMs: 5000 };
    case 'traffic':
      return { type, action: 'change', scenario: document.scenarios.at(-1)?.name ?? '' };
    case 'probe':
      return { type, probe };
    case 'wait':
      return { type, durationMs: 2000 };
    case 'wait-until':
      return { type, probe, timeoutMs: 30_000 };
    case 'wait-for':
      return { type, step: '', until: 'ended', timeoutMs: 60_000 };
    case 'observe':
      return { type, title: t('What the traffic does'), durationMs: 5000 };
  }
}

/** The first group that a consumer of the document has, where its broker keeps what was read. */
function firstLog({ nodes, edges }: ArchipelDocument): { node: string; destination: string; group: string } {
  const logsOf = ({ kind, config }: ArchipelDocument['nodes'][number]): string[] => {
    const { topics, streams } = config as { topics?: { name: string }[]; streams?: { name: string }[] };
    return kind.startsWith('broker-') ? [...(topics ?? []), ...(streams ?? [])].map(({ name }) => name) : [];
  };
  for (const node of nodes) {
    const { consumers = [] } = node.config as { consumers?: { edge: string; from: string; group?: string | null }[] };
    for (const { edge, from, group } of consumers) {
      const broker = nodes.find(({ id }) => id === edges.find((known) => known.id === edge)?.source);
      if (broker && logsOf(broker).includes(from))
        return { node: broker.id, destination: from, group: group ?? node.id };
    }
  }
  return { node: '', destination: '', group: '' };
}
