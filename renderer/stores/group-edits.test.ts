import { expect, test } from 'vitest';
import { emptyDocument } from './document.ts';
import { addNode } from './document-edits.ts';
import { addGroup, groupKey, moveOnCanvas, removeGroups, unfoldAround } from './group-edits.ts';

/** A zone with a host in it, and a service beside them. */
function scene() {
  let document = addNode(emptyDocument(), 'service', { x: 1000, y: 1000 }).document;
  document = addGroup(document, 'zone', { x: 0, y: 0 }).document;
  document = addGroup(document, 'host', { x: 40, y: 60 }).document;
  return moveOnCanvas(document, new Map([[groupKey('host'), { x: 40, y: 60 }]]));
}

test('a host dropped in a zone belongs to it, and a card to the innermost frame under its middle', () => {
  const document = moveOnCanvas(scene(), new Map([['service', { x: 60, y: 100 }]]));
  expect(document.groups.find(({ id }) => id === 'host')?.parent).toBe('zone');
  expect(document.nodes[0]).toMatchObject({ group: 'host', position: { x: 60, y: 100 } });
});

test('a card dropped outside every frame belongs to none', () => {
  const inside = moveOnCanvas(scene(), new Map([['service', { x: 60, y: 100 }]]));
  const outside = moveOnCanvas(inside, new Map([['service', { x: 2000, y: 0 }]]));
  expect(outside.nodes[0]).not.toHaveProperty('group');
});

test('a frame takes along what is in it, through all levels', () => {
  const inside = moveOnCanvas(scene(), new Map([['service', { x: 60, y: 100 }]]));
  const moved = moveOnCanvas(inside, new Map([[groupKey('zone'), { x: 500, y: 10 }]]));
  expect(moved.groups.map(({ position }) => position)).toEqual([
    { x: 500, y: 10 },
    { x: 540, y: 70 },
  ]);
  expect(moved.nodes[0]).toMatchObject({ group: 'host', position: { x: 560, y: 110 } });
});

test('a frame that goes leaves its nodes in the one around it, or takes them along', () => {
  const inside = moveOnCanvas(scene(), new Map([['service', { x: 60, y: 100 }]]));
  expect(removeGroups(inside, ['host']).nodes[0]).toMatchObject({ group: 'zone' });
  const without = removeGroups(inside, ['zone'], true);
  expect(without).toMatchObject({ nodes: [], groups: [] });
});

test('a group drawn around nodes holds them', () => {
  const document = addGroup(scene(), 'host', { x: 0, y: 0 }, ['service']).document;
  expect(document.nodes[0]?.group).toBe('host-2');
  expect(document.groups[2]?.position).toEqual({ x: 972, y: 928 });
});

test('a move to where it was is no edit', () => {
  const document = scene();
  expect(moveOnCanvas(document, new Map([['service', { x: 1000, y: 1000 }]]))).toBe(document);
});

test('what is hidden is unfolded, all around it and nothing else', () => {
  const inside = moveOnCanvas(scene(), new Map([['service', { x: 60, y: 100 }]]));
  const folded = { ...inside, groups: inside.groups.map((group) => ({ ...group, collapsed: true })) };
  expect(unfoldAround(folded, ['service']).groups.some(({ collapsed }) => collapsed)).toBe(false);
  expect(unfoldAround(folded, [groupKey('host')]).groups.map(({ collapsed }) => collapsed)).toEqual([undefined, true]);
  expect(unfoldAround(inside, ['service'])).toBe(inside);
});
