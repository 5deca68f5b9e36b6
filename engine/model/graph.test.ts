import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { defaultEdgeConfig as config } from './edge.ts';
import { connectionProblem, type Graph, incomingEdges, outgoingEdges, startLayers } from './graph.ts';

function graph(ids: string, arrows: string, kind = 'service'): Graph {
  const edges = arrows
    .split(' ')
    .filter(Boolean)
    .map((arrow) => ({ id: arrow, source: arrow[0] as string, target: arrow[1] as string, config }));
  return { nodes: [...ids].map((id) => ({ id, kind, name: id, position: { x: 0, y: 0 }, config: {} })), edges };
}

describe('startLayers', () => {
  it('starts callees before their callers', () => {
    expect(startLayers(graph('abcd', 'ab bd ac cd'))).toEqual([['d'], ['b', 'c'], ['a']]);
  });

  it('puts nodes that call each other into one layer', () => {
    expect(startLayers(graph('abcd', 'ab bc cb cd'))).toEqual([['d'], ['b', 'c'], ['a']]);
  });

  it('passes over edges that lead nowhere, and holds lonely nodes', () => {
    expect(startLayers(graph('ab', 'ax'))).toEqual([['a', 'b']]);
  });

  it('places every node once, above each callee that does not call it back, in any graph', () => {
    const ids = [...'abcdefg'];
    const arrow = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)).map((pair) => pair.join(''));
    fc.assert(
      fc.property(fc.array(arrow, { maxLength: 20 }), (arrows) => {
        const drawn = graph(ids.join(''), arrows.join(' '));
        const layers = startLayers(drawn);
        expect(layers.flat().sort()).toEqual(ids);
        const layerOf = (id: string) => layers.findIndex((layer) => layer.includes(id));
        for (const { source, target } of drawn.edges) {
          if (reaches(drawn, target, source)) expect(layerOf(source)).toBe(layerOf(target));
          else expect(layerOf(source)).toBeGreaterThan(layerOf(target));
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('manages a chain of ten thousand nodes', () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => ({
      id: `n${i}`,
      kind: 'service',
      name: 'n',
      position: { x: 0, y: 0 },
      config: {},
    }));
    const edges = nodes.slice(1).map((_, i) => ({ id: `e${i}`, source: `n${i}`, target: `n${i + 1}`, config }));
    expect(startLayers({ nodes, edges }).length).toBe(10_000);
  });
});

describe('edges of a node', () => {
  it('leave it or lead to it', () => {
    const drawn = graph('abc', 'ab bc ac');
    expect(outgoingEdges(drawn, 'a').map(({ id }) => id)).toEqual(['ab', 'ac']);
    expect(incomingEdges(drawn, 'c').map(({ id }) => id)).toEqual(['bc', 'ac']);
  });
});

describe('connectionProblem', () => {
  const kinds = ['client', 'gateway', 'server', 'service', 'database'];
  const all: Graph = {
    nodes: kinds.map((kind) => ({ id: kind, kind, name: kind, position: { x: 0, y: 0 }, config: {} })),
    edges: [],
  };

  it('allows what the kinds allow, and nothing else', () => {
    const legal = kinds.flatMap((source) =>
      kinds
        .filter((target) => connectionProblem(all, catalogue, { source, target }) === null)
        .map((target) => `${source} → ${target}`),
    );
    expect(legal).toEqual([
      'client → gateway',
      'client → server',
      'client → service',
      'gateway → server',
      'gateway → service',
      'server → gateway',
      'server → service',
      'server → database',
      'service → gateway',
      'service → server',
      'service → database',
    ]);
  });

  it.each([
    ['client', 'database', 'a database speaks postgres, and a client calls only http'],
    ['database', 'service', 'a database calls nothing, so no edge can leave it'],
    ['gateway', 'client', 'a client accepts no calls, so no edge can lead to it'],
    ['gateway', 'gateway', 'a node cannot call itself'],
    ['gateway', 'ghost', 'there is no node "ghost"'],
  ])('says why %s cannot call %s', (source, target, reason) => {
    expect(connectionProblem(all, catalogue, { source, target })).toBe(reason);
  });

  it('refuses a second edge between the same two', () => {
    const drawn = { ...all, edges: [{ id: 'e', source: 'client', target: 'server', config }] };
    expect(connectionProblem(drawn, catalogue, { source: 'client', target: 'server' })).toBe(
      'an edge from "client" to "server" exists already',
    );
  });
});

function reaches({ edges }: Graph, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const edge of edges) if (edge.source === id) queue.push(edge.target);
  }
  return false;
}
