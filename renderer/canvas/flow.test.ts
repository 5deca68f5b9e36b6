import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { addGroup, CARD, changeGroup, groupKey } from '../stores/group-edits.ts';
import { addNote } from '../stores/note-edits.ts';
import { flowEdges } from './flow-edges.ts';
import { flowNodes } from './flow-nodes.ts';

const at = { x: 40, y: 40 };
const nodes = ['client', 'service', 'service', 'server'].reduce(
  (grown, kind) => addNode(grown, kind, at).document,
  emptyDocument(),
);
const joined = [
  ['client', 'service'],
  ['client', 'service-2'],
  ['service', 'service-2'],
  ['service', 'server'],
].reduce((grown, [source = '', target = '']) => connect(grown, source, target).document, nodes);
const hosted = addGroup(joined, 'host', at, ['service', 'service-2']).document;
const zoned = addGroup(hosted, 'zone', at, [groupKey('host')]).document;
const collapse = (id: string) => changeGroup(zoned, id, (group) => ({ ...group, collapsed: true }));
const nodesOf = (document: typeof zoned) => flowNodes(document, [], new Map()).map(({ id }) => id);
const edgesOf = (document: typeof zoned) =>
  flowEdges(document, [], new Map()).map(({ type, source, target }) => `${type} ${source}>${target}`);

describe('the canvas', () => {
  it('draws frames before what stands in them, and notes last', () => {
    expect(nodesOf(addNote(zoned, at).document)).toEqual([
      'group/zone',
      'group/host',
      'client',
      'service',
      'service-2',
      'server',
      'note/note',
    ]);
    expect(edgesOf(zoned)).toHaveLength(4);
  });

  it('hides what is in a collapsed group, and ends its edges at the frame', () => {
    expect(nodesOf(collapse('host'))).toEqual(['group/zone', 'group/host', 'client', 'server']);
    expect(edgesOf(collapse('host'))).toEqual(['bundle client>group/host', 'line group/host>server']);
    expect(flowNodes(collapse('host'), [], new Map())[1]).toMatchObject(CARD);
    expect(nodesOf(collapse('zone'))).toEqual(['group/zone', 'client', 'server']);
    expect(edgesOf(collapse('zone'))).toEqual(['bundle client>group/zone', 'line group/zone>server']);
  });

  it('keeps the identity of what did not change', () => {
    const before = flowNodes(zoned, [], new Map());
    const after = flowNodes(collapse('host'), [], new Map(before.map((node) => [node.id, node])));
    expect(after[2]).toBe(before[2]);
    expect(after[1]).not.toBe(before[1]);
  });
});
