import { expect, test } from 'vitest';
import { edge, node, route } from '../../api/fixtures.ts';
import { catalogue } from '../../catalogue.ts';
import { parseDocument } from '../../model/parse.ts';

const problems = (cache: Record<string, unknown>, steps: unknown[] = []): [path: string, message: string][] => {
  const parsed = parseDocument(
    {
      format: 1,
      name: 'test',
      nodes: [
        node('shop', 'service', { routes: [route('/', ...steps)] }),
        node('cache', 'cache', cache),
        node('source', 'service'),
      ],
      edges: [edge('shop', 'cache'), edge('cache', 'source')],
    },
    catalogue,
  );
  return parsed.ok ? [] : parsed.errors.map(({ path, message }) => [path.replace('$.nodes', ''), message]);
};

const load = { do: 'wait', duration: { type: 'fixed', valueMs: 1 } };
const cacheStep = (more: Record<string, unknown> = {}) => ({
  do: 'cache',
  edge: 'shop-cache',
  key: 'a',
  steps: [load],
  ...more,
});

test('a sound cache and step have no problem', () => {
  const readThrough = [{ keys: 'product:{id}', edge: 'cache-source', path: '/products/{id}' }];
  expect(problems({ readThrough }, [cacheStep(), cacheStep({ pattern: 'read-through', steps: [] })])).toEqual([]);
});

test('settings that contradict each other are told, each with its place', () => {
  expect(problems({ url: 'redis://host', server: 'redis-server', replicas: 2, maxKeys: 5 })).toEqual([
    ['[1].config.server', expect.stringContaining('your own server')],
    ['[1].config.replicas', expect.stringContaining('cannot start more')],
    ['[1].config.maxKeys', expect.stringContaining('only the embedded server')],
  ]);
  expect(problems({ server: 'redis-server', defaultTtlMs: 5 })).toEqual([
    ['[1].config.defaultTtlMs', expect.stringContaining('only the embedded server')],
  ]);
});

test('rules of read-through need their edge and their names', () => {
  const readThrough = [{ keys: 'product:{id}', edge: 'nowhere', path: '/products/{sku}' }];
  expect(problems({ readThrough })).toEqual([
    ['[1].config.readThrough[0].edge', expect.stringContaining('no edge "nowhere" that carries http')],
    ['[1].config.readThrough[0].path', expect.stringContaining('"{sku}" does not come in')],
  ]);
});

test('a step that cannot do what it says is told so, inside too', () => {
  const at = '[0].config.routes[0].steps';
  expect(
    problems({}, [
      cacheStep({ steps: [] }),
      cacheStep({ pattern: 'read-through', staleWhileRevalidateMs: 5 }),
      cacheStep({ ttlMs: null, staleWhileRevalidateMs: 5 }),
      cacheStep({ steps: [{ do: 'query', edge: 'shop-cache', sql: 'select 1' }] }),
      cacheStep({ edge: 'nowhere' }),
    ]),
  ).toEqual([
    [`${at}[0].steps`, expect.stringContaining('nothing to load by')],
    [`${at}[1].staleWhileRevalidateMs`, expect.stringContaining('cannot keep stale ones')],
    [`${at}[2].staleWhileRevalidateMs`, expect.stringContaining('never stale')],
    [`${at}[3].steps[0].edge`, expect.stringContaining('does not carry postgres')],
    [`${at}[4].edge`, expect.stringContaining('no edge "nowhere" leaves node "shop"')],
  ]);
});
