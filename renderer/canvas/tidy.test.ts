import { expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { addGroup, layOut, moveOnCanvas } from '../stores/group-edits.ts';
import { boxOf, setLocked } from '../stores/parts.ts';
import { tidied, tidyable } from './tidy.ts';

const ids = ['client', 'gateway', 'service', 'service-2', 'database'];
const heap = ['client', 'gateway', 'service', 'service', 'database'].reduce(
  (grown, kind) => addNode(grown, kind, { x: 500, y: 300 }).document,
  emptyDocument(),
);
const drawn = [
  ['client', 'gateway'],
  ['gateway', 'service'],
  ['gateway', 'service-2'],
  ['service', 'database'],
  ['service-2', 'database'],
].reduce((grown, [source = '', target = '']) => connect(grown, source, target).document, heap);

it('puts each card to the right of those that call it, without overlaps, from where they were', async () => {
  const places = await tidied(drawn, ids, new Map(), { alsoPlaced: false });
  const x = (id: string) => places.get(id)?.x ?? Number.NaN;
  expect(x('client')).toBe(500);
  for (const { source, target } of drawn.edges) expect(x(target)).toBeGreaterThanOrEqual(x(source) + 216);
  expect(Math.abs((places.get('service')?.y ?? 0) - (places.get('service-2')?.y ?? 0))).toBeGreaterThanOrEqual(106);
});

it('goes around what is locked', async () => {
  const places = await tidied(setLocked(drawn, ['gateway'], true), ids, new Map(), { alsoPlaced: false });
  expect(places.has('gateway')).toBe(false);
  expect(places.get('client')?.x).toBeLessThanOrEqual(500 - 216);
  expect(places.get('service')?.x).toBeGreaterThanOrEqual(500 + 216);
});

it('leaves what is not asked for, what is locked, and what stands in a frame', () => {
  expect(tidyable(drawn, ['client', 'gateway'], { alsoPlaced: false })).toEqual(['client', 'gateway']);
  expect(tidyable(setLocked(drawn, ['client'], true), ids, { alsoPlaced: true })).not.toContain('client');
  expect(
    tidyable(addGroup(drawn, 'host', { x: 0, y: 0 }, ['database']).document, ids, { alsoPlaced: true }),
  ).not.toContain('database');
});

it('leaves what was placed by hand unless that is asked for, and then nothing counts as placed by hand', async () => {
  const moved = moveOnCanvas(drawn, new Map([['service', { x: 40, y: 900 }]]));
  expect(tidyable(moved, ids, { alsoPlaced: false })).not.toContain('service');
  expect((await tidied(moved, ids, new Map(), { alsoPlaced: false })).has('service')).toBe(false);

  const to = await tidied(moved, ids, new Map(), { alsoPlaced: true });
  expect([...to.keys()].sort()).toEqual([...ids].sort());
  expect(layOut(moved, to).nodes.filter(({ placed }) => placed)).toEqual([]);
});

it('lays no card onto one that stays, onto a frame or onto another', async () => {
  const framed = addGroup(drawn, 'zone', { x: 0, y: 0 }, ['database']).document;
  const held = ['gateway', 'service'].reduce(
    (document, id, index) => moveOnCanvas(document, new Map([[id, { x: 40 + 500 * index, y: 260 }]])),
    framed,
  );
  const to = await tidied(held, ids, new Map(), { alsoPlaced: false });
  expect([...to.keys()].sort()).toEqual(['client', 'service-2']);
  const after = layOut(held, to);
  expect(after.nodes.map(({ group }) => group)).toEqual(held.nodes.map(({ group }) => group));
  const boxes = [...after.nodes.filter(({ group }) => group === undefined).map(({ id }) => id), 'group/zone'].flatMap(
    (key) => boxOf(after, key) ?? [],
  );
  for (const [index, one] of boxes.entries())
    for (const other of boxes.slice(index + 1))
      expect(
        one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y,
      ).toBe(true);
});
