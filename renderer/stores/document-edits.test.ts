import { describe, expect, it } from 'vitest';
import { documentSchema } from '../../engine/model/document.ts';
import { emptyDocument } from './document.ts';
import { addNode, addScenario, connect, freeId, moveNodes, remove } from './document-edits.ts';
import { valueAt, withValueAt } from './value-at.ts';

const at = { x: 0, y: 0 };
const shop = () => {
  const client = addNode(emptyDocument(), 'client', at).document;
  const server = addNode(client, 'server', at).document;
  const database = addNode(server, 'database', at).document;
  return connect(connect(database, 'client', 'server').document, 'server', 'database').document;
};

describe('edits of a document', () => {
  it('names new nodes after their kind, with a number when it is taken', () => {
    const twice = addNode(addNode(shop(), 'service', at).document, 'service', at);
    expect(twice.id).toBe('service-2');
    expect(twice.document.nodes.map((node) => node.name)).toContain('Service 2');
  });

  it('give a document that the schema accepts', () => {
    expect(documentSchema.safeParse(shop()).error).toBeUndefined();
  });

  it('bring a first scenario along with the first client, and only then', () => {
    const one = addNode(emptyDocument(), 'client', at).document;
    expect(one.scenarios.map((scenario) => scenario.traffic[0]?.client)).toEqual(['client']);
    expect(addNode(one, 'client', at).document.scenarios).toHaveLength(1);
    expect(addScenario(one).scenarios.map((scenario) => scenario.name)).toEqual(['steady', 'steady-2']);
  });

  it('remove a node together with its edges', () => {
    const rest = remove(shop(), { nodes: ['server'] });
    expect(rest.nodes.map((node) => node.id)).toEqual(['client', 'database']);
    expect(rest.edges).toEqual([]);
  });

  it('return the same object when nothing changes', () => {
    const document = shop();
    expect(remove(document, { nodes: ['ghost'] })).toBe(document);
    expect(moveNodes(document, new Map([['client', at]]))).toBe(document);
  });

  it('keep ids within the length of the format', () => {
    const long = 'a'.repeat(60);
    const id = freeId(`${long}-${long}`, [freeId(`${long}-${long}`, [])]);
    expect(id.length).toBeLessThanOrEqual(63);
    expect(id.endsWith('-2')).toBe(true);
  });
});

describe('values at a path', () => {
  it('are changed in a copy that shares everything else', () => {
    const before = { a: [{ b: 1 }, { b: 2 }], c: {} };
    const after = withValueAt(before, ['a', 1, 'b'], 3);
    expect(after.a[1]).toEqual({ b: 3 });
    expect(after.a[0]).toBe(before.a[0]);
    expect(after.c).toBe(before.c);
    expect(before.a[1]).toEqual({ b: 2 });
  });

  it('are removed by undefined and found where nothing was', () => {
    expect(withValueAt({ a: 1, b: 2 }, ['a'], undefined)).toEqual({ b: 2 });
    expect(withValueAt<object>({}, ['x', 'y'], 1)).toEqual({ x: { y: 1 } });
    expect(valueAt({ x: null }, ['x', 'y'])).toBeUndefined();
  });
});
