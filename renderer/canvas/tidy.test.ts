import { expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { addGroup } from '../stores/group-edits.ts';
import { setLocked } from '../stores/parts.ts';
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
  const places = await tidied(drawn, ids, new Map());
  const x = (id: string) => places.get(id)?.x ?? Number.NaN;
  expect(x('client')).toBe(500);
  for (const { source, target } of drawn.edges) expect(x(target)).toBeGreaterThanOrEqual(x(source) + 216);
  expect(Math.abs((places.get('service')?.y ?? 0) - (places.get('service-2')?.y ?? 0))).toBeGreaterThanOrEqual(106);
});

it('goes around what is locked', async () => {
  const places = await tidied(setLocked(drawn, ['gateway'], true), ids, new Map());
  expect(places.has('gateway')).toBe(false);
  expect(places.get('client')?.x).toBeLessThanOrEqual(500 - 216);
  expect(places.get('service')?.x).toBeGreaterThanOrEqual(500 + 216);
});

it('leaves what is not asked for, what is locked, and what stands in a frame', () => {
  expect(tidyable(drawn, ['client', 'gateway'])).toEqual(['client', 'gateway']);
  expect(tidyable(setLocked(drawn, ['client'], true), ids)).not.toContain('client');
  expect(tidyable(addGroup(drawn, 'host', { x: 0, y: 0 }, ['database']).document, ids)).not.toContain('database');
});
