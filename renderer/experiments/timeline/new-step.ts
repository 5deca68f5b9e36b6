import type { ArchipelDocument } from '../../../engine/model/document.ts';
import { canHave } from '../../faults/scope.ts';
import { t } from '../../i18n/t.ts';
import type { Step } from './steps.ts';

/** What can be added; the rest comes from other tools, or from putting steps side by side. */
export const addableTypes = [
  'fault',
  'scale',
  'deploy',
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
