import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createTestDatabase, type TestDatabase } from '../kinds/database/fixtures/database.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { FaultTarget } from '../model/fault.ts';
import { exists, isStopped } from '../runtime/operating-system.ts';
import { documentOf, edge, node, route } from './fixtures.ts';
import type { Router } from './router.ts';

/* Faults whose window, or whose engine, dies in the middle. The engine is the host that the desktop starts. */

const program = fileURLToPath(new URL('../../dist/engine/host.mjs', import.meta.url));

/** A server of the user's own, that no engine has started. */
let own: TestDatabase;
let document: ArchipelDocument;
beforeAll(async () => {
  own = await createTestDatabase({ schema: 'create table items (id int); insert into items values (1)' });
  await own.start();
  await own.launch.setUp();
  const { login, port } = own.launch;
  const url = `postgres://${login?.user}:${login?.password}@127.0.0.1:${port}/${login?.database}`;
  const query = (target: string) => ({ do: 'query', edge: `shop-${target}`, sql: 'select count(*) from items' });
  document = documentOf({
    nodes: [
      node('shop', 'service', { routes: [route('/', query('private'), query('own'))] }),
      node('private', 'database', { schema: 'create table items (id int); insert into items values (1)' }),
      node('own', 'database', { url }),
    ],
    edges: [edge('shop', 'private'), edge('shop', 'own')],
  });
}, 60_000);
afterAll(() => own.end());

let data: string;
let engine: ChildProcess;
let address: { url: string; token: string };
let client: TRPCClient<Router>;
let close: () => void;

function connect(): void {
  let socket: WebSocket | undefined;
  const Kept = class extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      socket = this;
    }
  };
  const connection = createWSClient({ url: `${address.url}?token=${address.token}`, WebSocket: Kept as never });
  client = createTRPCClient<Router>({ links: [wsLink({ client: connection })] });
  // As when the process at its other end is killed: no word of farewell.
  close = () => {
    socket?.terminate();
    connection.close();
  };
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'archipel-death-'));
  const execPath = process.env.ARCHIPEL_NODE ?? process.execPath;
  engine = spawn(execPath, [program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ARCHIPEL_DATA: data, ARCHIPEL_OWNER: 'stdin' },
  });
  const [line] = (await once(createInterface({ input: engine.stdout as NodeJS.ReadableStream }), 'line')) as [string];
  address = JSON.parse(line);
  connect();
  await client.topology.start.mutate({ document });
}, 60_000);
afterEach(async () => {
  close();
  if (engine.exitCode === null && engine.signalCode === null) {
    const gone = once(engine, 'exit');
    engine.stdin?.end('stop\n');
    await gone;
  }
  await rm(data, { recursive: true, force: true });
});

const private0 = { node: 'private', replica: 0 };
const outside: [string, FaultTarget, Record<string, unknown>][] = [
  ['pause', { node: 'shop', replica: 0 }, {}],
  ['latency', { edge: 'shop-private' }, { latencyMs: 100 }],
  ['latency', { edge: 'shop-own' }, { latencyMs: 100 }],
  ['lock', private0, { table: 'items' }],
];

const inject = async (leaseMs: number): Promise<string[]> => {
  const ids: string[] = [];
  for (const [fault, target, parameters] of outside)
    ids.push((await client.faults.inject.mutate({ fault, target, parameters, leaseMs })).id);
  return ids;
};

test('a window that is gone leaves every fault to its lease, and none on after it', async () => {
  const ids = await inject(2500);
  close();
  connect();
  const ended = async () => {
    const { faults } = await client.frame.query();
    return faults.filter(({ id }) => ids.includes(id)).map(({ state, endedBy }) => `${state} ${endedBy}`);
  };
  await expect.poll(ended, { timeout: 20_000 }).toEqual(ids.map(() => 'off lease'));
  const { faults, nodes } = await client.frame.query();
  for (const { id, proofOfRemoval } of faults) expect([id, proofOfRemoval]).toMatchObject([id, { holds: true }]);
  expect(Object.values(nodes).map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
}, 60_000);

test('an engine that is killed takes what it had paused, slowed and locked with it, and a server of the user goes on unharmed', async () => {
  for (const fault of ['kill', 'pause', 'lock', 'read-only'])
    await expect(
      client.faults.inject.mutate({ fault, target: { node: 'own', replica: 0 }, parameters: {}, leaseMs: 60_000 }),
    ).rejects.toThrow(/your own server/);
  await inject(600_000);
  const { nodes } = await client.frame.query();
  const pids = ['shop', 'private'].flatMap((id) => nodes[id]?.replicas.flatMap(({ pid }) => pid ?? []) ?? []);
  expect(pids).toHaveLength(2);
  if (process.platform === 'linux') expect(isStopped(nodes.shop?.replicas[0]?.pid as number)).toBe(true);

  const gone = once(engine, 'exit');
  engine.kill('SIGKILL');
  await gone;
  await expect.poll(() => pids.filter(exists), { timeout: 15_000 }).toEqual([]);
  const user = await own.connect();
  const others = async (): Promise<number> => {
    const text =
      "select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
    return (await user.query(text)).rows[0].n;
  };
  await expect.poll(others, { timeout: 15_000 }).toBe(0);
  expect((await user.query('insert into items values (2) returning id')).rows).toEqual([{ id: 2 }]);
  await user.end();
}, 60_000);
