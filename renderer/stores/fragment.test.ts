import { describe, expect, it } from 'vitest';
import { emptyDocument } from './document.ts';
import { addNode, changeNode, connect } from './document-edits.ts';
import { fragmentOf, fragmentText, insertFragment, readFragment } from './fragment.ts';
import { addGroup, groupKey } from './group-edits.ts';
import { addNote, noteKey } from './note-edits.ts';

const at = { x: 0, y: 0 };
const three = ['client', 'service', 'server'].reduce(
  (grown, kind) => addNode(grown, kind, at).document,
  emptyDocument(),
);
const joined = connect(connect(three, 'client', 'service').document, 'service', 'server').document;
const calling = changeNode(joined, 'service', (node) => ({
  ...node,
  name: 'Orders',
  config: { routes: [{ path: '/', method: 'GET', steps: [{ do: 'call', edge: 'service-server', path: '/' }] }] },
}));

describe('a fragment', () => {
  it('holds the edges between its nodes, and none that leads out of it', () => {
    const fragment = fragmentOf(calling, ['service', 'server']);
    expect(fragment.nodes.map(({ id }) => id)).toEqual(['service', 'server']);
    expect(fragment.edges.map(({ id }) => id)).toEqual(['service-server']);
  });

  it('is put in with new ids, names that differ, and configs that name the new edges', () => {
    const { document, keys } = insertFragment(calling, fragmentOf(calling, ['service', 'server']), { x: 40, y: 40 });
    expect(keys).toEqual(['service-2', 'server-2']);
    const copy = document.nodes.find(({ id }) => id === 'service-2');
    expect(copy?.name).toBe('Orders 2');
    expect(copy?.position).toEqual({ x: 40, y: 40 });
    expect(JSON.stringify(copy?.config)).toContain('"service-2-server-2"');
    expect(document.edges.at(-1)).toMatchObject({ id: 'service-2-server-2', source: 'service-2', target: 'server-2' });
  });

  it('keeps ids and names where they are free, as after a cut', () => {
    const { keys, document } = insertFragment(emptyDocument(), fragmentOf(calling, ['service']), at);
    expect(keys).toEqual(['service']);
    expect(document.nodes[0]?.name).toBe('Orders');
  });

  it('takes along what is in its groups, and notes', () => {
    const framed = addNote(addGroup(calling, 'host', at, ['service', 'server']).document, at).document;
    const fragment = fragmentOf(framed, [groupKey('host'), noteKey('note')]);
    const { document, keys } = insertFragment(framed, fragment, { x: 9, y: 9 });
    expect(keys).toEqual([groupKey('host-2'), 'service-2', 'server-2', noteKey('note-2')]);
    expect(document.nodes.find(({ id }) => id === 'server-2')?.group).toBe('host-2');
  });

  it('crosses the clipboard as it was', () => {
    const fragment = fragmentOf(calling, ['client', 'service']);
    const read = readFragment(fragmentText(fragment));
    expect(read.ok ? [] : read.errors).toEqual([]);
    expect(read).toMatchObject({ ok: true, fragment: { edges: fragment.edges } });
  });

  it.each([
    ['hello', /is text/],
    ['{"a": 1}', /another program/],
    ['[1, 2]', /another program/],
    ['null', /another program/],
    ['{"type":"archipel-fragment","format":1,"nodes":[{"id":"a"}]}', /with \d+ problems|with a problem/],
    ['{"type":"archipel-fragment","format":99,"nodes":[]}', /with a problem/],
  ])('refuses %s and says why', (text, why) => {
    const read = readFragment(text);
    expect(read.ok).toBe(false);
    expect(read.ok ? '' : read.why).toMatch(why);
  });
});
