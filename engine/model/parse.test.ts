import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { parseDocument } from './parse.ts';
import { shop, type Written } from './shop.fixture.ts';

type Shop = ReturnType<typeof shop>;

function errorsOf(change: (document: Shop) => void): Record<string, string> {
  const document = shop();
  change(document);
  const parsed = parseDocument(document, catalogue);
  if (parsed.ok) return {};
  for (const { nextStep } of parsed.errors) expect(nextStep).not.toBe('');
  return Object.fromEntries(parsed.errors.map(({ path, message }) => [path, message]));
}

const at = (items: Written[], index: number): Written => items[index];

describe('a sound document', () => {
  it('parses, with the defaults of kinds, edges and faults filled in', () => {
    const parsed = parseDocument(shop(), catalogue);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    const { document, migratedFrom } = parsed;
    expect(migratedFrom).toBeNull();
    expect(document.nodes[0]?.config).toEqual({ maxQueued: 100_000 });
    expect(document.nodes[3]?.config).toEqual({
      schema: '',
      seed: [],
      setupSql: '',
      maxConnections: 100,
      readReplicas: 0,
      fsync: true,
      synchronousCommit: true,
    });
    expect(document.edges[0]?.config).toEqual({
      timeoutMs: 2000,
      maxConnections: 32,
      keepAlive: true,
      propagateDeadline: false,
    });
    expect(document.experiments[0]?.method[0]).toMatchObject({ parameters: { graceful: false } });
  });
});

describe('a broken document', () => {
  it('reports everything that is wrong at once, each with its path', () => {
    const errors = errorsOf((document) => {
      at(document.nodes, 1).kind = 'gatewai';
      at(document.nodes, 2).config.replicas = -1;
      at(document.nodes, 2).config.replica = 3;
      at(document.nodes, 2).config.routes[0].steps[0].edge = 'nowhere';
      at(document.nodes, 3).colour = 'red';
      document.nodes.push({ id: 'db', kind: 'service', name: '', position: { x: 0, y: 0 } });
      document.edges.push(
        { id: 'orders-db', source: 'orders', target: 'ghost' },
        { id: 'back', source: 'db', target: 'shoppers' },
      );
      document.edges.push(
        { id: 'twin', source: 'shoppers', target: 'gate' },
        { id: 'self', source: 'gate', target: 'gate' },
      );
      at(document.scenarios, 0).traffic[0].client = 'nobody';
      at(document.experiments, 0).scenario = 'unsteady';
      at(document.experiments, 0).method[0].fault = 'kil';
      at(document.experiments, 0).method[0].target.replica = 2;
    });
    expect(errors).toMatchObject({
      '$.nodes[1].kind': 'unknown kind "gatewai"',
      '$.nodes[2].config.replicas': 'must be at least 0',
      '$.nodes[2].config.replica': 'unknown field "replica"',
      '$.nodes[2].config.routes[0].steps[0].edge': 'no edge "nowhere" leaves node "orders"',
      '$.nodes[3].colour': 'unknown field "colour"',
      '$.nodes[4].id': 'the id "db" belongs to the node at $.nodes[3] already',
      '$.nodes[4].name': 'must not be empty',
      '$.edges[3].id': 'the id "orders-db" belongs to the edge at $.edges[2] already',
      '$.edges[3].target': 'the edge dangles: there is no node "ghost"',
      '$.edges[4].target': 'illegal connection: a database calls nothing, so no edge can leave it',
      '$.edges[5]': 'an edge from "shoppers" to "gate" exists already at $.edges[0]',
      '$.edges[6].target': 'a node cannot call itself',
      '$.scenarios[0].traffic[0].client': 'there is no node "nobody"',
      '$.experiments[0].scenario': 'there is no scenario "unsteady"',
      '$.experiments[0].method[0].fault': 'unknown fault "kil"',
    });
  });

  it('checks the sound parts of a config beside a broken one, under the paths of the file', () => {
    const errors = errorsOf((document) => {
      at(document.nodes, 2).config.routes = [
        { path: 'no-slash', steps: [{ do: 'query', edge: 'ghost-1', sql: 'select 1' }] },
        { path: '/a', steps: [{ do: 'dance' }, { do: 'call', edge: 'ghost-2', path: '/' }] },
        { path: '/b', steps: [{ do: 'query', edge: 'ghost-3', sql: '' }] },
        { path: '/a' },
      ];
    });
    expect(errors).toEqual({
      '$.nodes[2].config.routes[0].path': 'must start with "/" and hold no space, "?" or "#"',
      '$.nodes[2].config.routes[0].steps[0].edge': 'no edge "ghost-1" leaves node "orders"',
      '$.nodes[2].config.routes[1].steps[0].do': 'is none of the known values',
      '$.nodes[2].config.routes[1].steps[1].edge': 'no edge "ghost-2" leaves node "orders"',
      '$.nodes[2].config.routes[2].steps[0].sql': 'must not be empty',
      '$.nodes[2].config.routes[2].steps[0].edge': 'no edge "ghost-3" leaves node "orders"',
      '$.nodes[2].config.routes[3]': 'GET /a is handled already at routes[1]',
    });
  });

  it('does not blame a part for what is missing because something else is broken', () => {
    const errors = errorsOf((document) => {
      at(document.nodes, 1).config.rules = [{ pathPrefix: '/orders', edge: 7 }];
      document.edges.push({ id: 'gate-2', source: 'gate', target: 'orders-2' });
      document.nodes.push({ id: 'orders-2', kind: 'service', name: 'Second', position: { x: 0, y: 0 } });
    });
    expect(errors).toEqual({ '$.nodes[1].config.rules[0].edge': 'must be a string, not a number' });
  });

  it('does not blame a step for the unknown kind of the node that it calls', () => {
    const errors = errorsOf((document) => {
      at(document.nodes, 3).kind = 'databse';
    });
    expect(errors).toEqual({ '$.nodes[3].kind': 'unknown kind "databse"' });
  });

  it.each<[string, (document: Shop) => void, Record<string, string>]>([
    ['a missing field', (d) => delete at(d.nodes, 0).position, { '$.nodes[0].position': 'is missing' }],
    ['a missing format', (d) => delete (d as Partial<Shop>).format, { '$.format': 'is missing' }],
    [
      'a word for the format',
      (d) => Object.assign(d, { format: 'one' }),
      { '$.format': 'is none of the allowed values' },
    ],
    [
      'an id with capitals',
      (d) => Object.assign(at(d.edges, 0), { id: 'A' }),
      { '$.edges[0].id': 'must be 1 to 63 of a-z, 0-9 and "-", and start with a letter or digit' },
    ],
    [
      'a config that is no object',
      (d) => Object.assign(at(d.nodes, 0), { config: 3 }),
      { '$.nodes[0].config': 'must be an object, not a number' },
    ],
    [
      'a gateway without rules for its two edges',
      (d) => {
        at(d.nodes, 1).config.rules = [];
        d.nodes.push({ id: 'two', kind: 'service', name: 'Two', position: { x: 0, y: 0 } });
        d.edges.push({ id: 'gate-two', source: 'gate', target: 'two' });
      },
      { '$.nodes[1].config.rules': 'several edges leave this gateway, and no rule says which path goes where' },
    ],
    [
      'a scenario whose client is none',
      (d) => Object.assign(at(d.scenarios, 0).traffic[0], { client: 'db' }),
      { '$.scenarios[0].traffic[0].client': 'node "db" is a database, and only a client sends traffic' },
    ],
    [
      'traffic along an edge of another node',
      (d) => Object.assign(at(d.scenarios, 0).traffic[0].routes[0], { edge: 'orders-db' }),
      { '$.scenarios[0].traffic[0].routes[0].edge': 'no edge "orders-db" leaves "shoppers"' },
    ],
    [
      'traffic without an edge where the client has two',
      (d) => d.edges.push({ id: 'direct', source: 'shoppers', target: 'orders' }),
      { '$.scenarios[0].traffic[0].routes[0].edge': 'is missing: several edges leave "shoppers"' },
    ],
    [
      'two scenarios of one name',
      (d) => d.scenarios.push(structuredClone(at(d.scenarios, 0))),
      { '$.scenarios[1].name': 'the name "steady" belongs to the scenario at $.scenarios[0] already' },
    ],
    [
      'two experiments of one name',
      (d) => d.experiments.push(structuredClone(at(d.experiments, 0))),
      { '$.experiments[1].name': 'the name "kill-orders" belongs to the experiment at $.experiments[0] already' },
    ],
    [
      'a fault on a thing of the wrong sort',
      (d) => Object.assign(at(d.experiments, 0).method[0], { target: { edge: 'orders-db' } }),
      { '$.experiments[0].method[0].target': 'fault "kill" acts on a process, not on an edge' },
    ],
    [
      'a fault on a replica that is not there',
      (d) => Object.assign(at(d.experiments, 0).method[0], { target: { node: 'db', replica: 1 } }),
      { '$.experiments[0].method[0].target.replica': 'node "db" has one replica, number 0' },
    ],
    [
      'a target of no known form',
      (d) => Object.assign(at(d.experiments, 0).method[0], { target: {} }),
      { '$.experiments[0].method[0].target': 'has none of the forms that are allowed here' },
    ],
    [
      'unknown parameters of a fault',
      (d) => Object.assign(at(d.experiments, 0).method[0], { parameters: { gracefull: true } }),
      { '$.experiments[0].method[0].parameters.gracefull': 'unknown field "gracefull"' },
    ],
    [
      'a probe on a route that nobody sends',
      (d) => Object.assign(at(d.experiments, 0).during[0].measure, { route: 'GET /cart' }),
      { '$.experiments[0].during[0].measure.route': 'scenario "steady" sends no "GET /cart"' },
    ],
    [
      'probes during a fault that the method does not have',
      (d) => Object.assign(at(d.experiments, 0), { method: [{ type: 'wait', durationMs: 5 }] }),
      { '$.experiments[0].method': 'holds no fault, so nothing can be probed while one is on' },
    ],
  ])('names %s', (_, change, expected) => {
    expect(errorsOf(change)).toEqual(expected);
  });

  it('suggests the word that was probably meant', () => {
    const document = shop();
    at(document.nodes, 2).config.replica = 2;
    const parsed = parseDocument(document, catalogue);
    expect(parsed.ok || parsed.errors[0]?.nextStep).toMatch(
      /^Did you mean "replicas"\? Known fields: replicas, routes, /,
    );
  });

  it('is a draft when it is unfinished but sound, and none when it is not', () => {
    const unfinished = shop();
    at(unfinished.experiments, 0).scenario = 'renamed';
    const parsed = parseDocument(unfinished, catalogue);
    expect(parsed.ok || parsed.draft?.nodes.length).toBe(4);

    const dangling = shop();
    dangling.edges.push({ id: 'x', source: 'gate', target: 'ghost' });
    const broken = parseDocument(dangling, catalogue);
    expect(broken.ok || broken.draft).toBeNull();
  });
});

describe('parsing anything', () => {
  it('never throws, and gives every error a path and a next step', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withSparseArray: true }), (value) => {
        const parsed = parseDocument(value, catalogue);
        if (!parsed.ok)
          for (const error of parsed.errors) expect(error.path.startsWith('$') && error.nextStep !== '').toBe(true);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('never throws on a document with one part replaced, and what it accepts is stable', () => {
    const paths = pathsOf(shop());
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(fc.jsonValue(), fc.constantFrom('orders', 'gate-orders', 'kill', 'client', 2)),
        (path, value) => {
          const document = shop();
          put(document, path, value);
          const parsed = parseDocument(document, catalogue);
          const accepted = parsed.ok ? parsed.document : parsed.draft;
          if (!accepted) return;
          const again = parseDocument(JSON.parse(JSON.stringify(accepted)), catalogue);
          expect(again.ok ? again.document : again.draft).toEqual(accepted);
        },
      ),
      { seed: 2, numRuns: 1500 },
    );
  });
});

function pathsOf(value: unknown, base: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [base];
  return [
    base,
    ...Object.entries(value).flatMap(([key, part]) =>
      pathsOf(part, [...base, Array.isArray(value) ? Number(key) : key]),
    ),
  ].filter((path) => path.length > 0);
}

function put(document: unknown, path: (string | number)[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<Written>((part, key) => part[key], document);
  parent[path.at(-1) as string | number] = value;
}
