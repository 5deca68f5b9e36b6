import { create } from 'zustand';
import type { FaultDefinition } from '../../engine/model/definition.ts';
import type { FaultTarget } from '../../engine/model/fault.ts';
import { targetName } from '../../engine/model/target-name.ts';
import { DEFAULT_LEASE_MS, inject } from './fault-actions.ts';

export interface FaultDraft {
  parameters: Record<string, unknown>;
  /** Null: until it is taken off. */
  leaseMs: number | null;
}

/** How each fault will be injected where; set in the inspector, used by the quick buttons too. */
const useDrafts = create<{ drafts: Record<string, FaultDraft> }>()(() => ({ drafts: {} }));

const keyOf = (fault: string, target: FaultTarget): string =>
  `${fault} ${'node' in target ? `node ${target.node}` : targetName(target)}`;

/** A process comes back by itself after some seconds; an edge stays as it is set. */
const draftFor = (definition: FaultDefinition): FaultDraft => ({
  parameters: definition.parameters.parse(definition.defaults),
  leaseMs: definition.target === 'process' ? DEFAULT_LEASE_MS : null,
});

const initial = new Map<string, FaultDraft>();
function initialDraft(definition: FaultDefinition): FaultDraft {
  const draft = initial.get(definition.fault) ?? draftFor(definition);
  initial.set(definition.fault, draft);
  return draft;
}

export function useDraft(definition: FaultDefinition, target: FaultTarget): [FaultDraft, (draft: FaultDraft) => void] {
  const key = keyOf(definition.fault, target);
  const draft = useDrafts((state) => state.drafts[key]) ?? initialDraft(definition);
  return [draft, (next) => useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: next } }))];
}

export const injectDraft = (definition: FaultDefinition, target: FaultTarget): Promise<void> =>
  inject({
    fault: definition.fault,
    target,
    ...(useDrafts.getState().drafts[keyOf(definition.fault, target)] ?? initialDraft(definition)),
  });
