import { describe, expect, it } from 'vitest';
import { emptyDocument } from './document.ts';
import { addNode, changeEdge, changeNode, connect, moveNodes, remove } from './document-edits.ts';
import { editName } from './edit-name.ts';
import { addGroup, groupKey, moveOnCanvas } from './group-edits.ts';

const at = { x: 0, y: 0 };
const two = addNode(addNode(emptyDocument(), 'client', at).document, 'service', { x: 300, y: 0 }).document;
const joined = connect(two, 'client', 'service').document;

describe('the name of an edit', () => {
  it('says what was added, connected and removed', () => {
    expect(editName(two, addNode(two, 'service', at).document)).toBe('add Service 2');
    expect(editName(emptyDocument(), two)).toBe('add 2 nodes');
    expect(editName(two, joined)).toBe('connect Client to Service');
    expect(editName(joined, remove(joined, { edges: ['client-service'] }))).toBe('disconnect Client to Service');
    expect(editName(joined, remove(joined, { nodes: ['client'] }))).toBe('remove Client');
  });

  it('tells moving, renaming and changing apart', () => {
    expect(editName(two, moveNodes(two, new Map([['client', { x: 9, y: 9 }]])))).toBe('move Client');
    const both = moveNodes(
      two,
      new Map([
        ['client', { x: 9, y: 9 }],
        ['service', { x: 8, y: 8 }],
      ]),
    );
    expect(editName(two, both)).toBe('move 2 nodes');
    expect(
      editName(
        two,
        changeNode(two, 'client', (node) => ({ ...node, name: 'Shoppers' })),
      ),
    ).toBe('rename Shoppers');
    expect(
      editName(
        two,
        changeNode(two, 'client', (node) => ({ ...node, config: {} })),
      ),
    ).toBe('change Client');
    const slow = changeEdge(joined, 'client-service', (edge) => ({
      ...edge,
      config: { ...edge.config, timeoutMs: 9 },
    }));
    expect(editName(joined, slow)).toBe('change Client to Service');
  });

  it('names the frame that was moved, not what it takes along', () => {
    const framed = addGroup(two, 'host', at, ['client', 'service']).document;
    const moved = moveOnCanvas(framed, new Map([[groupKey('host'), { x: 50, y: 50 }]]));
    expect(editName(framed, moved)).toBe('move Host');
  });
});
