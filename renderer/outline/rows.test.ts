import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { type OutlineRow, outlineRows, rowAfterKey } from './rows.ts';

const group = (id: string, parent: string | null = null) => ({
  id,
  kind: 'team' as const,
  name: id,
  position: { x: 0, y: 0 },
  size: { width: 300, height: 200 },
  parent,
  budget: { slots: null, memoryMb: null },
});
const node = (id: string, inside?: string) => ({
  id,
  kind: 'service',
  name: id.toUpperCase(),
  position: { x: 0, y: 0 },
  config: {},
  ...(inside && { group: inside }),
});
const edge = (source: string, target: string) =>
  ({ id: `${source}-${target}`, source, target, config: {} }) as ReturnType<typeof emptyDocument>['edges'][number];

const document = {
  ...emptyDocument(),
  groups: [group('outer'), group('inner', 'outer')],
  nodes: [node('a', 'inner'), node('b'), node('alone')],
  edges: [edge('b', 'a')],
  notes: [{ id: 'n', text: 'read me', position: { x: 0, y: 0 }, size: { width: 100, height: 60 } }],
} as ReturnType<typeof emptyDocument>;

const shown = (rows: OutlineRow[]) => rows.map(({ key, level }) => `${level} ${key}`);

describe('the outline', () => {
  it('nests groups, shows each edge at both of its ends, and leaves nothing out', () => {
    const rows = outlineRows(document, new Set());
    expect(shown(rows)).toEqual([
      '1 group/outer',
      '2 group/inner',
      '3 a',
      '4 a<b-a',
      '1 b',
      '2 b>b-a',
      '1 alone',
      '1 note/n',
    ]);
    expect(rows.find(({ key }) => key === 'b>b-a')).toMatchObject({ direction: 'out', other: 'A' });
    expect(rows.find(({ key }) => key === 'alone')?.expanded).toBeNull();
  });

  it('leaves out what stands below a folded row', () => {
    expect(shown(outlineRows(document, new Set(['group/outer', 'b'])))).toEqual([
      '1 group/outer',
      '1 b',
      '1 alone',
      '1 note/n',
    ]);
  });

  it('folds the edges away where there are many nodes', () => {
    const many = {
      ...document,
      groups: [],
      notes: [],
      nodes: Array.from({ length: 50 }, (_, index) => node(`n${index}`)),
      edges: [edge('n0', 'n1')],
    };
    expect(outlineRows(many, new Set())).toHaveLength(50);
    expect(outlineRows(many, new Set(['n0']))).toHaveLength(51);
  });

  it('shows groups whose parents go round in a circle, each once', () => {
    const round = { ...document, groups: [group('x', 'y'), group('y', 'x')], nodes: [node('a', 'x')], edges: [] };
    expect(shown(outlineRows(round, new Set())).sort()).toEqual(['1 group/x', '1 note/n', '2 a', '2 group/y']);
  });

  it('is walked by keys as any tree', () => {
    const rows = outlineRows(document, new Set(['b']));
    expect(rowAfterKey(rows, 'group/outer', 'ArrowUp')).toBeNull();
    expect(rowAfterKey(rows, 'group/outer', 'ArrowDown')).toEqual({ go: 'group/inner' });
    expect(rowAfterKey(rows, 'group/outer', 'ArrowLeft')).toEqual({ toggle: 'group/outer' });
    expect(rowAfterKey(rows, 'group/inner', 'ArrowRight')).toEqual({ go: 'a' });
    expect(rowAfterKey(rows, 'b', 'ArrowRight')).toEqual({ toggle: 'b' });
    expect(rowAfterKey(rows, 'a<b-a', 'ArrowLeft')).toEqual({ go: 'a' });
    expect(rowAfterKey(rows, 'a', 'End')).toEqual({ go: 'note/n' });
    expect(rowAfterKey(rows, 'a', 'x')).toBeNull();
  });
});
