import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../api/create-engine.ts';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route, waitStep } from '../../api/fixtures.ts';
import type { MessageCounts } from '../../api/types.ts';
import { connectResp } from '../../wire/resp/client.ts';
import { findReal, type Subject, startReal } from '../../wire/resp/contract.fixture.ts';

/* The user's own server by its URL, with its password and its database: a redis-server, and what `archipel broker redis` starts. */

const PASSWORD = 's:e/cret';
const DATABASE = 2;
const program = fileURLToPath(new URL('../../../dist/engine/broker.cjs', import.meta.url));

async function startCommand(): Promise<Subject> {
  const child = spawn(process.execPath, [program, 'broker', 'redis', '--port', '0', '--password', PASSWORD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  return {
    port: Number(/:(\d+),/.exec(String(line))?.[1]),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

const real = findReal();
let engine: Engine;
let own: Subject | null = null;
beforeEach(async () => {
  engine = await createEngine();
});
afterEach(async () => {
  await engine.close();
  await own?.stop();
  own = null;
});

const destinations = ['jobs', 'log', 'news'] as const;
const documentAt = (url: string) =>
  documentOf({
    nodes: [
      node('shop', 'service', {
        routes: destinations.map((to) => route(`/${to}/:id`, { do: 'publish', edge: 'shop-broker', to })),
      }),
      node('broker', 'broker-redis', {
        ...{ url, queues: [{ name: 'jobs' }], streams: [{ name: 'log' }], channels: [{ name: 'news' }] },
      }),
      node('worker', 'service', {
        consumers: destinations.map((from) => ({
          ...{ edge: 'broker-worker', from, concurrency: 4, steps: [waitStep(1)] },
          ...(from === 'news' && { ack: 'none' }),
        })),
      }),
    ],
    edges: [edge('shop', 'broker', { timeoutMs: 2000 }), edge('broker', 'worker'), edge('worker', 'shop')],
  });

const countsOf = (name: string): MessageCounts | undefined =>
  engine.frame().nodes.broker?.queues?.find(({ destination }) => destination === name)?.counts;

describe.each([
  ['a redis-server', () => startReal(real as string, '--requirepass', PASSWORD)],
  ['what `archipel broker redis` starts', startCommand],
] as const)('%s by its URL', (name, start) => {
  beforeEach((context) => context.skip(name === 'a redis-server' && real === null, 'there is no redis-server on PATH'));

  test('carries queues, streams and channels in its database, is counted, and is left as it is', async () => {
    own = await start();
    await engine.startTopology(
      documentAt(`redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${own.port}/${DATABASE}`),
    );
    const port = engine.frame().nodes.shop?.replicas[0]?.port;
    for (const to of destinations)
      for (let id = 0; id < 10; id += 1) expect((await fetch(`http://127.0.0.1:${port}/${to}/${id}`)).status).toBe(200);
    for (const to of destinations)
      await vi.waitFor(() => expect(countsOf(to)).toMatchObject({ published: 10, done: 10, lost: 0, inBroker: 0 }), {
        timeout: 15_000,
        interval: 50,
      });
    await vi.waitFor(() => expect(engine.frame().nodes.broker?.measures.usedBytes).toBeGreaterThan(0), {
      timeout: 15_000,
      interval: 50,
    });
    const target = { node: 'broker', replica: 0 };
    await expect(
      engine.injectFault({ fault: 'queue-full', target, parameters: {}, leaseMs: 1000 }),
    ).rejects.toMatchObject({ code: 'fault-impossible' });

    await engine.stopTopology();
    const client = await connectResp({ port: own.port });
    const [, , entries, elsewhere] = await client.send(
      ['AUTH', PASSWORD],
      ['SELECT', String(DATABASE)],
      ['XLEN', 'log'],
      ['INFO', 'keyspace'],
    );
    client.destroy();
    expect(entries).toBe(10);
    expect(String((elsewhere as { text?: string }).text ?? elsewhere).match(/^db\d+/gm)).toEqual([`db${DATABASE}`]);
  });

  test('is refused with the wrong password, without telling it', async () => {
    own = await start();
    const error: unknown = await engine
      .startTopology(documentAt(`redis://:wrong-one@127.0.0.1:${own.port}`))
      .catch((refused: unknown) => refused);
    expect(error).toMatchObject({ nextStep: expect.any(String) });
    expect(String(error)).not.toContain('wrong-one');
  });
});
