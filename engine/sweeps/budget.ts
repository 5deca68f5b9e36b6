import type { AbSide } from '../api/types.ts';
import type { KindDefinition } from '../model/definition.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { nodesWithin } from '../model/groups.ts';
import type { ComparisonPlan } from '../model/repetition.ts';
import { structureOf } from './structure.ts';

/** What a document is and may use: its structure, and the budgets of its outermost groups, summed up. */
export function sideOf(document: ArchipelDocument, kinds: readonly KindDefinition[]): AbSide {
  return {
    document: document.name,
    ...structureOf(document, kinds),
    budget: { slots: budgetOf(document, 'slots'), memoryMb: budgetOf(document, 'memoryMb') },
  };
}

/** Of the outermost groups that state it; null when a node but a client stands outside all of them. */
function budgetOf(document: ArchipelDocument, field: 'slots' | 'memoryMb'): number | null {
  const stated = document.groups.filter(({ budget }) => budget[field] !== null);
  const outermost = stated.filter(
    (group) => !stated.some((other) => other !== group && isWithin(document, group.id, other.id)),
  );
  const inside = new Set(outermost.flatMap(({ id }) => nodesWithin(document, id)));
  if (document.nodes.some(({ id, kind }) => kind !== 'client' && !inside.has(id))) return null;
  return outermost.length === 0 ? null : outermost.reduce((sum, { budget }) => sum + (budget[field] ?? 0), 0);
}

function isWithin({ groups }: Pick<ArchipelDocument, 'groups'>, id: string, outer: string): boolean {
  const parents = new Map(groups.map((group) => [group.id, group.parent]));
  for (let at = parents.get(id) ?? null, left = groups.length; at !== null && left > 0; left -= 1) {
    if (at === outer) return true;
    at = parents.get(at) ?? null;
  }
  return false;
}

/**
 * Why the comparison would not be one of equals. A budget that is stated for both takes the place of those of the documents.
 */
export function budgetProblems(
  a: AbSide,
  b: AbSide,
  stated: ComparisonPlan['budget'],
): { differences: string[]; notes: string[] } {
  const differences: string[] = [];
  if (stated) {
    const { slots } = stated;
    for (const [name, side] of [
      ['A', a],
      ['B', b],
    ] as const)
      if (slots !== null && side.processes > slots)
        differences.push(`${name} runs ${side.processes} processes, and the budget has ${slots} slots`);
    return { differences, notes: [] };
  }
  const unstated =
    a.budget.slots === null && b.budget.slots === null && a.budget.memoryMb === null && b.budget.memoryMb === null;
  const show = (value: number | null, unit: string): string => `${value ?? 'no limit of'} ${unit}`;
  for (const [field, unit] of [
    ['slots', 'slots'],
    ['memoryMb', 'MB of memory'],
  ] as const)
    if (a.budget[field] !== b.budget[field])
      differences.push(`A has ${show(a.budget[field], unit)}, B ${show(b.budget[field], unit)}`);
  return {
    differences,
    notes: unstated
      ? [`No budget is stated: A runs ${a.processes} processes, B ${b.processes}. State one by groups, or for both.`]
      : [],
  };
}

/** What was really held against the budget; memory is watched, not enforced. */
export function memoryNotes(side: 'A' | 'B', rssBytes: readonly number[], memoryMb: number | null): string[] {
  const most = Math.max(0, ...rssBytes) / 1024 / 1024;
  if (memoryMb === null || most <= memoryMb) return [];
  return [`${side} held ${most.toFixed(0)} MB of memory, and the budget has ${memoryMb}.`];
}
