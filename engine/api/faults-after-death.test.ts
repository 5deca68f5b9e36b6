import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningCli, startCli } from '../cli/cli.fixture.ts';
import { acts } from '../faults/acts.ts';
import { faults } from '../faults/index.ts';
import { descendantsOf } from '../faults/pause/process-tree.ts';
import { kafkaBrokerDefinition } from '../kinds/broker-kafka/definition.ts';
import { rabbitBrokerDefinition } from '../kinds/broker-rabbitmq/definition.ts';
import { redisBrokerDefinition } from '../kinds/broker-redis/definition.ts';
import { createTestDatabase, type TestDatabase } from '../kinds/database/fixtures/database.ts';
import type { kinds } from '../kinds/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { FaultTarget } from '../model/fault.ts';
import { exists, isStopped } from '../runtime/operating-system.ts';
import { createServer, type RespServer } from '../wire/resp/server.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { Router } from './router.ts';
import type { FaultStatus } from './types.ts';

/*
 * Whoever put a fault on, or holds it, is killed in the middle: every fault that acts from outside the process that it harms.
 * Those that act inside a process (`acts`) hold their lease there, and end with it. The engine is the host that the desktop starts.
 */

const program = fileURLToPath(new URL('../../dist/engine/host.mjs', import.meta.url));
const isPosix = process.platform !== 'win32';

const outside = (faults as unknown as readonly FaultDefinition[]).filter(({ fault }) => !(fault in acts));
const idsOf = (fits: (definition: FaultDefinition) => boolean): string[] =>
  outside.filter(fits).map(({ fault }) => fault);
const onProcess = (family: string): string[] => idsOf((known) => known.target === 'process' && known.family === family);

/** Each fault has a target of its own: two would hide what the other leaves behind. */
const edgeFaults = idsOf(({ target }) => target === 'edge');
const programFaults = [...onProcess('process'), ...onProcess('control'), ...onProcess('resource'), 'mystery'];
const storageFaults = onProcess('storage');
const cacheFaults = ['cache-flush', 'expire', 'eviction-storm', 'hot-key', 'penetration'];
const brokerFaults = idsOf(
  ({ fault, family }) =>
    family === 'messaging' || (family === 'storage' && (redisBrokerDefinition.faults as string[]).includes(fault)),
);
const databaseFaults = storageFaults.filter((fault) => ![...cacheFaults, ...brokerFaults].includes(fault));
const groupFaults = idsOf(({ target }) => target === 'group');
const nodeFaults = idsOf(({ target, family }) => target === 'node' && family !== 'messaging');

const CALLERS = Math.max(programFaults.length, Math.ceil(edgeFaults.length / 3));
const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);
const callers = numbered('caller', CALLERS);
const callees = numbered('callee', 3);
const schema = 'create table items (id int); insert into items values (1)';

/** By the beginnings of their ids. */
const brokers: Record<string, { kind: (typeof kinds)[number]; config: Record<string, unknown> }> = {
  broker: { kind: redisBrokerDefinition, config: { queues: [{ name: 'jobs' }] } },
  rabbit: { kind: rabbitBrokerDefinition, config: {} },
  kafka: { kind: kafkaBrokerDefinition, config: { brokers: 2, topics: [{ name: 'events', replicationFactor: 2 }] } },
};
/** Those on which a fault of brokers can act. */
const brokersFor = (fault: string): string[] =>
  Object.entries(brokers).flatMap(([name, { kind }]) =>
    brokerFaults.includes(fault) && kind.faults.includes(fault) ? [name] : [],
  );

const targetOf = (fault: string): FaultTarget => {
  const at = (list: readonly string[]): number => list.indexOf(fault);
  if (at(edgeFaults) >= 0) return { edge: `caller${Math.floor(at(edgeFaults) / 3)}-callee${at(edgeFaults) % 3}` };
  if (at(programFaults) >= 0) return { node: `caller${at(programFaults)}`, replica: 0 };
  if (at(databaseFaults) >= 0)
    return { node: `database${at(databaseFaults)}`, replica: fault === 'replica-lag' ? 1 : 0 };
  if (at(cacheFaults) >= 0) return { node: `cache${at(cacheFaults)}`, replica: 0 };
  const [broker] = brokersFor(fault);
  if (broker) return { node: `${broker}${at(brokerFaults)}`, replica: 0 };
  if (at(groupFaults) >= 0) return { group: `group${at(groupFaults)}` };
  return { node: 'scaled', replica: 0 };
};
/** Every kind of broker has its own way to be harmed. */
const placesOf = (fault: string): FaultTarget[] => {
  const at = brokerFaults.indexOf(fault);
  return at < 0 ? [targetOf(fault)] : brokersFor(fault).map((name) => ({ node: `${name}${at}`, replica: 0 }));
};
const parametersOf = (fault: string): Record<string, unknown> =>
  fault === 'latency' ? { latencyMs: 50 } : fault === 'mystery' ? { families: ['process'], eachMs: 60_000 } : {};

/** Servers of the user's own, that no engine has started. */
let ownDatabase: TestDatabase;
let ownCache: RespServer;
let document: ArchipelDocument;
beforeAll(async () => {
  ownDatabase = await createTestDatabase({ schema });
  await ownDatabase.start();
  await ownDatabase.launch.setUp();
  ownCache = createServer({});
  const { login, port } = ownDatabase.launch;
  const ownKinds = {
    database: `postgres://${login?.user}:${login?.password}@127.0.0.1:${port}/${login?.database}`,
    cache: `redis://127.0.0.1:${await ownCache.listen()}`,
  };
  const busy = [
    { do: 'query', edge: 'busy-own-database', sql: 'select count(*) from items' },
    { do: 'cache', edge: 'busy-own-cache', key: 'item', steps: [waitStep(1)] },
  ];
  const member = (id: string, group: string) => ({ ...node(id, 'service'), group });
  document = documentOf({
    groups: groupFaults.map((fault, index) => ({
      ...{ id: `group${index}`, kind: fault === 'host-down' ? 'host' : 'zone', name: fault, parent: null },
      ...{ position: { x: 0, y: 0 }, size: { width: 400, height: 300 } },
    })),
    nodes: [
      ...[...callers, ...callees].map((id) => node(id, 'service')),
      ...groupFaults.map((_, index) => member(`member${index}`, `group${index}`)),
      ...databaseFaults.map((fault, index) =>
        node(`database${index}`, 'database', {
          schema,
          readReplicas: ['replica-lag', 'failover'].includes(fault) ? 1 : 0,
        }),
      ),
      ...cacheFaults.map((_, index) => node(`cache${index}`, 'cache')),
      ...brokerFaults.flatMap((fault, index) =>
        brokersFor(fault).map((name) => {
          const { kind, config } = brokers[name] as (typeof brokers)[string];
          return node(`${name}${index}`, kind.kind, config);
        }),
      ),
      node('scaled', 'service', { autoscaling: { maxReplicas: 1 } }),
      node('busy', 'service', { routes: [route('/', ...busy)] }),
      node('own-database', 'database', { url: ownKinds.database }),
      node('own-cache', 'cache', { url: ownKinds.cache }),
    ],
    edges: [
      ...callers.flatMap((caller) => callees.map((callee) => edge(caller, callee))),
      ...groupFaults.map((_, index) => edge('busy', `member${index}`)),
      ...brokerFaults.flatMap((fault, index) => brokersFor(fault).map((name) => edge('busy', `${name}${index}`))),
      edge('busy', 'own-database'),
      edge('busy', 'own-cache'),
    ],
  });
}, 60_000);
afterAll(async () => {
  await ownCache.close();
  await ownDatabase.end();
});

let data: string;
let engine: ChildProcess;
let address: { url: string; token: string };
let client: TRPCClient<Router>;
let close: () => void;
const clis: RunningCli[] = [];

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
}, 120_000);
afterEach(async () => {
  close();
  for (const cli of clis.splice(0)) {
    if (cli.leftSomething()) cli.interrupt('SIGKILL');
    await cli.ended;
  }
  if (engine.exitCode === null && engine.signalCode === null) {
    const gone = once(engine, 'exit');
    engine.stdin?.end('stop\n');
    await gone;
  }
  await rm(data, { recursive: true, force: true });
}, 60_000);

const statuses = async () => (await client.frame.query()).faults;

/** Every one of them ended with its lease, and was measured to be off. */
async function expectAllOffByLease(ids: readonly string[]): Promise<void> {
  const pending = async (): Promise<string[]> =>
    (await statuses())
      .filter(({ id, state }) => ids.includes(id) && state !== 'off')
      .map(({ id, state }) => `${id} ${state}`);
  await expect.poll(pending, { timeout: 90_000, interval: 200 }).toEqual([]);
  const ended = (await statuses()).filter(({ id }) => ids.includes(id));
  // That of a mystery tells of the effects of its parts as well, which nobody has waited for.
  const removals = ({ fault, proofOfRemoval, parts = [] }: FaultStatus) =>
    fault === 'mystery' ? parts.map((part) => part.proofOfRemoval) : [proofOfRemoval];
  for (const status of ended)
    for (const removal of removals(status))
      expect([status.fault, status.endedBy, removal]).toMatchObject([status.fault, 'lease', { holds: true }]);
  expect(ended).toHaveLength(ids.length);
  const notReady = async () =>
    Object.values((await client.frame.query()).nodes).filter(({ state }) => state !== 'ready');
  await expect.poll(notReady).toEqual([]);
}

const inject = (fault: string, leaseMs: number, target = targetOf(fault)): Promise<string> =>
  client.faults.inject.mutate({ fault, target, parameters: parametersOf(fault), leaseMs }).then(({ id }) => id);

test('a window that is gone leaves every fault to its lease, and none on after it', async () => {
  // None is forgotten, and each has its place.
  const placed = [edgeFaults, programFaults, databaseFaults, cacheFaults, brokerFaults, groupFaults, nodeFaults];
  expect(placed.flat().sort()).toEqual(outside.map(({ fault }) => fault).sort());
  expect(placed.every(({ length }) => length > 0)).toBe(true);
  // One after the other, so that measuring that one is off does not disturb the others.
  const ids = await Promise.all(
    outside.flatMap(({ fault }, index) =>
      placesOf(fault).map((target, place) => inject(fault, 3000 + index * 150 + place * 75, target)),
    ),
  );
  close();
  connect();
  await expectAllOffByLease(ids);
}, 180_000);

/** So many command lines at a time as the machine can bear. */
const AT_ONCE = 4;

test('a command line that is killed leaves every fault that it put on to its lease, and none on after it', {
  timeout: 180_000,
}, async ({ skip }) => {
  skip(!isPosix, 'whether a command line lives is asked of its process group, which Windows does not have');
  const wanted = outside.map(({ fault }) => fault);
  const ids: string[] = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const chunk = wanted.slice(from, from + AT_ONCE);
    const started = chunk.map((fault) =>
      startCli(['faults', 'inject', fault, ...cliTarget(targetOf(fault)), ...cliParameters(fault), '--for', '3s'], {
        ARCHIPEL_DATA: data,
      }),
    );
    clis.push(...started);
    const known = new Set(ids);
    const begun = async () => (await statuses()).filter(({ id, state }) => !known.has(id) && state !== 'starting');
    await expect
      .poll(async () => (await begun()).map(({ fault }) => fault).sort(), { timeout: 60_000, interval: 30 })
      .toEqual([...chunk].sort());
    // Most wait for the proof of effect still, and are killed over it.
    for (const cli of started) if (cli.leftSomething()) cli.interrupt('SIGKILL');
    ids.push(...(await begun()).map(({ id }) => id));
  }
  await expectAllOffByLease(ids);
});

function cliTarget(target: FaultTarget): string[] {
  if ('edge' in target) return ['--edge', target.edge];
  if ('group' in target) return ['--group', target.group];
  return 'node' in target ? ['--node', target.node, '--replica', String(target.replica)] : ['--everything'];
}

const cliParameters = (fault: string): string[] =>
  Object.entries(parametersOf(fault)).flatMap(([name, value]) => ['--param', `${name}=${JSON.stringify(value)}`]);

const refuses = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = dial({ host: '127.0.0.1', port });
    const end = (refused: boolean): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.on('connect', () => end(false));
    socket.on('error', () => end(true));
  });

test('an engine that is killed takes all that it harmed with it, and servers of the user go on unharmed', async () => {
  for (const fault of [...databaseFaults, ...onProcess('process')])
    await expect(
      client.faults.inject.mutate({
        ...{ fault, target: { node: 'own-database', replica: 0 }, parameters: {}, leaseMs: 60_000 },
      }),
    ).rejects.toThrow(/your own server/);
  for (const fault of cacheFaults)
    await expect(
      client.faults.inject.mutate({
        ...{ fault, target: { node: 'own-cache', replica: 0 }, parameters: {}, leaseMs: 60_000 },
      }),
    ).rejects.toThrow(/your own server/);
  await Promise.all(outside.flatMap(({ fault }) => placesOf(fault).map((target) => inject(fault, 600_000, target))));
  const byteFaults = ['black-hole', 'latency', 'connection-exhaustion', 'partition'];
  for (const fault of byteFaults)
    for (const id of ['busy-own-database', 'busy-own-cache'])
      await client.faults.inject.mutate({ fault, target: { edge: id }, parameters: {}, leaseMs: 600_000 });
  const { nodes } = await client.frame.query();
  // Connections to the user's servers, on which the faults act.
  const busyPort = nodes.busy?.replicas[0]?.port;
  const hanging = fetch(`http://127.0.0.1:${busyPort}/`).catch(() => {});

  const replicas = Object.values(nodes)
    .filter(({ id }) => !id.startsWith('own-'))
    .flatMap((known) => known.replicas);
  const ours = [
    ...replicas.flatMap(({ pid }) => pid ?? []),
    ...(isPosix ? await descendantsOf(engine.pid as number) : []),
  ];
  const ports = replicas.flatMap(({ port }) => port ?? []);
  expect(ours.length).toBeGreaterThan(callers.length + databaseFaults.length);
  if (process.platform === 'linux') {
    const paused = targetOf('pause') as { node: string };
    expect(isStopped(nodes[paused.node]?.replicas[0]?.pid as number)).toBe(true);
  }

  const gone = once(engine, 'exit');
  engine.kill('SIGKILL');
  await gone;
  await hanging;
  await expect.poll(() => ours.filter(exists), { timeout: 15_000 }).toEqual([]);
  expect(await Promise.all(ports.map(refuses))).toEqual(ports.map(() => true));

  const user = await ownDatabase.connect();
  const asNumber = async (sql: string): Promise<number> => (await user.query(sql)).rows[0].n;
  const others = (): Promise<number> =>
    asNumber(
      "select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
  await expect.poll(others, { timeout: 15_000 }).toBe(0);
  expect(await asNumber('select count(*)::int as n from pg_locks where pid <> pg_backend_pid()')).toBe(0);
  expect((await user.query('show default_transaction_read_only')).rows).toEqual([
    { default_transaction_read_only: 'off' },
  ]);
  expect(await asNumber("select count(*)::int as n from pg_namespace where nspname like 'archipel%'")).toBe(0);
  expect((await user.query('insert into items values (2) returning id')).rows).toEqual([{ id: 2 }]);
  await user.end();
  await expect.poll(() => ownCache.state.sessions.size, { timeout: 15_000 }).toBe(0);
  await ownCache.execute('SET', 'item', 'kept');
  expect(String(await ownCache.execute('GET', 'item'))).toBe('kept');
}, 120_000);
