import { describe, expect, it } from 'vitest';
import { runningPart } from '../running/live-apply.ts';
import { emptyDocument } from './document.ts';
import { addNode, changeNode, connect, moveNodes, remove } from './document-edits.ts';
import { firstExperiment } from './first-experiment.ts';
import { addGroup } from './group-edits.ts';
import { placeOf, problemsOf } from './problems.ts';

const at = { x: 0, y: 0 };
const drawn = () => {
  const two = addNode(addNode(emptyDocument(), 'client', at).document, 'service', at).document;
  return connect(two, 'client', 'service').document;
};

describe('problems while drawing', () => {
  it('are none for a client connected to a new service: it can run at once', () => {
    expect(problemsOf(drawn())).toEqual([]);
  });

  it('name the card or connection that they are about', () => {
    const broken = changeNode(drawn(), 'service', (node) => ({ ...node, config: { ...node.config, replicas: 200 } }));
    const [problem] = problemsOf(broken);
    expect(problem?.path).toBe('$.nodes[1].config.replicas');
    expect(placeOf(problem?.path ?? '', broken)).toEqual({ type: 'node', id: 'service' });
    expect(placeOf('$.edges[0].config', broken)).toEqual({ type: 'edge', id: 'client-service' });
    expect(placeOf('$.scenarios[0].name', broken)).toBeNull();
    const grouped = addGroup(broken, 'host', at);
    expect(placeOf('$.groups[0].budget', grouped.document)).toEqual({ type: 'group', id: `group/${grouped.id}` });
  });

  it('come up when what an experiment aims at is removed', () => {
    const document = drawn();
    const experiment = firstExperiment(document);
    if (!experiment) throw new Error('there is a service to kill');
    const withExperiment = { ...document, experiments: [experiment] };
    expect(problemsOf(withExperiment)).toEqual([]);
    expect(
      problemsOf(remove(withExperiment, { nodes: ['service'] })).some(({ path }) =>
        path.startsWith('$.experiments[0]'),
      ),
    ).toBe(true);
  });
});

describe('what has to be applied to a running topology', () => {
  it('is any change of configs and connections, but not a moved or renamed card', () => {
    const document = drawn();
    const moved = moveNodes(document, new Map([['client', { x: 50, y: 50 }]]));
    const renamed = changeNode(moved, 'client', (node) => ({ ...node, name: 'Shoppers' }));
    expect(runningPart(renamed)).toBe(runningPart(document));
    const scaled = changeNode(document, 'service', (node) => ({ ...node, config: { ...node.config, replicas: 2 } }));
    expect(runningPart(scaled)).not.toBe(runningPart(document));
    expect(runningPart(remove(document, { edges: ['client-service'] }))).not.toBe(runningPart(document));
  });
});
