import { get } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node } from '../../api/fixtures.ts';
import { openDocument } from '../../documents/open.ts';
import { examplesDirectory } from '../../documents/templates.ts';
import { commandDefinition, OWN_NODE } from './definition.ts';
import { findProgram } from './find-program.ts';

/* The Python service that comes with the examples, between a gateway and a catalogue that tells what it was sent. */

const { document: example } = await openDocument(`${examplesDirectory()}/polyglot.archipel.json`);
const python = example.nodes.find(({ kind }) => kind === 'command');
if (!python) throw new Error('the example has no command');

const missing = ((): string => {
  try {
    const { command, alternatives } = commandDefinition.config.parse(python.config);
    findProgram([command, ...alternatives], { directory: examplesDirectory(), env: process.env });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
})();

const catalogue = `
  const seen = [];
  require('node:http').createServer((request, response) => {
    if (request.url === '/seen') return response.end(JSON.stringify(seen));
    if (request.url !== '/') seen.push({ path: request.url, traceparent: request.headers.traceparent, from: request.socket.remotePort });
    response.end('{}');
  }).listen(process.env.PORT, '127.0.0.1')`;

// Each test starts several processes, maybe beside others that do the same.
vi.setConfig({ testTimeout: 120_000 });

let engine: Engine;

beforeEach(async ({ skip }) => {
  skip(missing !== '', missing);
  engine = await createEngine();
  const document = documentOf({
    nodes: [
      node('gateway', 'gateway'),
      python,
      node('catalogue', 'command', { command: OWN_NODE, arguments: ['-e', catalogue] }),
    ],
    edges: [edge('gateway', 'recommendations'), edge('recommendations', 'catalogue')],
  });
  await engine.trustDocument({ path: null, document });
  await engine.startTopology(document, { directory: examplesDirectory() });
});

afterEach(() => engine?.close());

const ask = (nodeId: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const port = engine.frame().nodes[nodeId]?.replicas[0]?.port as number;
    get({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    }).on('error', reject);
  });

test('recommends, and asks the catalogue over one connection that it keeps', async () => {
  expect(engine.frame().nodes.recommendations).toMatchObject({ state: 'ready', reason: null });
  const answers = [];
  for (let i = 0; i < 5; i += 1) answers.push(await ask('gateway', '/recommendations/12'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  const { product, recommended } = JSON.parse(answers[0]?.body ?? '');
  expect([product, new Set(recommended).size]).toEqual([12, 3]);
  const seen = JSON.parse((await ask('catalogue', '/seen')).body) as { path: string; from: number }[];
  expect(seen.map(({ path }) => path)).toEqual(Array.from({ length: 5 }, () => '/catalogue'));
  expect(new Set(seen.map(({ from }) => from)).size).toBe(1);
});

test('hands the trace of its caller on', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  await ask('gateway', '/recommendations', { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  const [first] = JSON.parse((await ask('catalogue', '/seen')).body) as { traceparent: string }[];
  expect(first?.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
});

test('names the edge on which a call of its own failed, and serves again when that is over', {
  timeout: 60_000,
}, async () => {
  await ask('gateway', '/recommendations');
  const { id } = await engine.injectFault({
    fault: 'kill',
    target: { node: 'catalogue', replica: 0 },
    parameters: { graceful: false },
    leaseMs: 60_000,
  });
  const { status, headers } = await ask('gateway', '/recommendations');
  expect([status, headers['x-archipel-failure-hop']]).toEqual([502, 'recommendations-catalogue']);
  expect(['refused', 'reset']).toContain(headers['x-archipel-failure-reason']);
  await engine.clearFault({ id });
  await vi.waitFor(async () => expect((await ask('gateway', '/recommendations')).status).toBe(200), {
    timeout: 20_000,
  });
});
