import { describe, expect, it } from 'vitest';
import { documentOf, node } from '../api/fixtures.ts';
import { catalogue } from '../catalogue.ts';
import { budgetProblems, memoryNotes, sideOf } from './budget.ts';

const group = (id: string, slots: number | null, other: Record<string, unknown> = {}) => ({
  id,
  kind: 'host',
  name: id,
  position: { x: 0, y: 0 },
  size: { width: 200, height: 200 },
  budget: { slots },
  ...other,
});

const side = (replicas: number, groups: unknown[], of?: string) =>
  sideOf(
    documentOf({
      nodes: [node('callers', 'client'), { ...node('shop', 'service', { replicas }), ...(of ? { group: of } : {}) }],
      groups,
    }),
    catalogue.kinds,
  );

describe('the budgets of two documents', () => {
  it('are those of their outermost groups, and count processes without the clients', () => {
    const zone = { ...group('zone', 6), kind: 'zone' };
    expect(side(3, [zone, group('host', 4, { parent: 'zone' })], 'host')).toMatchObject({
      document: 'test',
      processes: 3,
      budget: { slots: 6, memoryMb: null },
    });
  });

  it('are none where a node stands outside', () => {
    expect(side(1, [group('host', 4)]).budget.slots).toBeNull();
  });

  it('differ, or are the same, or are not stated', () => {
    const [four, six, none] = [side(2, [group('host', 4)], 'host'), side(2, [group('host', 6)], 'host'), side(2, [])];
    expect(budgetProblems(four, four, null)).toEqual({ differences: [], notes: [] });
    expect(budgetProblems(four, six, null).differences).toEqual(['A has 4 slots, B 6 slots']);
    expect(budgetProblems(four, none, null).differences).toEqual(['A has 4 slots, B no limit of slots']);
    expect(budgetProblems(none, none, null).notes).toHaveLength(1);
  });

  it('give way to one that is stated for both, which both must keep to', () => {
    const [two, three] = [side(2, []), side(3, [])];
    expect(budgetProblems(two, three, { slots: 3, memoryMb: null })).toEqual({ differences: [], notes: [] });
    expect(budgetProblems(two, three, { slots: 2, memoryMb: null }).differences).toEqual([
      'B runs 3 processes, and the budget has 2 slots',
    ]);
  });

  it('of memory are watched', () => {
    expect(memoryNotes('A', [100e6, 300e6], 200)).toEqual(['A held 286 MB of memory, and the budget has 200.']);
    expect(memoryNotes('A', [100e6], 200)).toEqual([]);
  });
});
