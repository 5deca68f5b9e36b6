import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestDatabase, freePort, type TestDatabase, until } from '../kinds/database/fixtures/database.ts';
import { defaultEdgeConfig, edgeConfigSchema } from '../model/edge.ts';
import { descendantsOf } from '../runtime/guardian/process-table.ts';
import { createQueryClient, type QueryClient } from './postgres.ts';
import type { WiredEdge } from './protocol.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({
    setupSql: 'create table orders (id int primary key); insert into orders select generate_series(1, 10)',
    maxConnections: 30,
  });
  await database.start();
  await database.launch.setUp();
});
afterAll(() => database.end());

const edgeTo = (ports: number[], config: Partial<WiredEdge['config']> = {}): WiredEdge => ({
  id: 'orders-db',
  targetId: 'db',
  protocol: 'postgres',
  config: { ...defaultEdgeConfig, maxConnections: 4, ...config },
  ports,
  login: database.launch.login,
});

const begin = (edge: WiredEdge = edgeTo([database.launch.port])): QueryClient => {
  const client = createQueryClient(edge);
  onTestFinished(() => client.close());
  return client;
};

/** How many connections of callers wait for work. A query that its caller gave up goes on in PostgreSQL, and is not counted. */
async function connections(): Promise<number> {
  const client = await database.connect();
  const { rowCount } = await client.query(
    "select from pg_stat_activity where application_name = 'orders-db' and state = 'idle'",
  );
  await client.end();
  return rowCount ?? -1;
}

/** A plain relay, as a link is one, that can be cut. */
async function startRelay(): Promise<{ port: number; server: Server; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectTo(database.launch.port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
      socket.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, server, cut };
}

describe('a query', () => {
  it('resolves with the number of rows', async () => {
    const client = begin();
    expect(await client.query('select * from orders')).toMatchObject({ rowCount: 10, columns: ['id'] });
    expect(await client.query('update orders set id = id where id <= 3')).toMatchObject({ rowCount: 3, rows: [] });
    expect(await client.query('select id, id * 2 as twice from orders where id = $1', [4])).toEqual({
      rowCount: 1,
      columns: ['id', 'twice'],
      rows: [[4, 8]],
    });
  });

  it('is prepared once on each connection', async () => {
    const client = begin(edgeTo([database.launch.port], { maxConnections: 1 }));
    for (let i = 0; i < 3; i += 1) await client.query('select count(*) from orders');
    expect(
      await client.query("select from pg_prepared_statements where statement = 'select count(*) from orders'"),
    ).toMatchObject({ rowCount: 1 });
  });

  it('may be several statements, which cannot be prepared', async () => {
    const client = begin();
    for (let i = 0; i < 2; i += 1)
      expect(await client.query('begin; update orders set id = id; select 1; commit')).toMatchObject({ rowCount: 11 });
  });

  it('that is wrong fails in the database, and leaves the connection to the next one', async () => {
    const client = begin(edgeTo([database.launch.port], { maxConnections: 1 }));
    await client.query('select 1');
    for (let i = 0; i < 2; i += 1)
      await expect(client.query('select * from nothing')).rejects.toMatchObject({
        name: 'CallFailure',
        reason: 'handler-error',
        hop: 'db',
        message: expect.stringContaining('"nothing" does not exist'),
      });
    // Its backend's prepared statement is still there: it is the same connection.
    expect(await client.query("select from pg_prepared_statements where statement = 'select 1'")).toMatchObject({
      rowCount: 1,
    });
  });

  it('that takes too long fails with a timeout, and its connection is closed', async () => {
    const client = begin(edgeTo([database.launch.port], { timeoutMs: 200, maxConnections: 1 }));
    await client.query('select 1');
    await expect(client.query('select pg_sleep(1)')).rejects.toMatchObject({ reason: 'timeout', hop: 'orders-db' });
    // With one connection, the next query gets a new one at once.
    expect(await client.query('select 1')).toMatchObject({ rowCount: 1 });
    expect(
      await client.query("select from pg_prepared_statements where statement like 'select pg_sleep%'"),
    ).toMatchObject({ rowCount: 0 });
  });

  it('that waits too long for a connection fails with a timeout too', async () => {
    const client = begin(edgeTo([database.launch.port], { timeoutMs: 400, maxConnections: 1 }));
    await client.query('select 1');
    const slow = client.query('select pg_sleep(10)');
    const waiting = client.query('select 1');
    const results = await Promise.allSettled([slow, waiting]);
    expect(results).toMatchObject([
      { reason: { reason: 'timeout', message: 'no answer to the query within 400 ms' } },
      { reason: { reason: 'timeout', message: 'none of the 1 connections of the pool came free within 400 ms' } },
    ]);
    const { counters } = client.measure();
    expect(counters.poolWaits).toBe(1);
    expect(counters.poolWaitMs).toBeGreaterThanOrEqual(390);
  });

  it('opens no more connections than the edge allows, and keeps them', async () => {
    const client = begin();
    await Promise.all(Array.from({ length: 40 }, () => client.query('select pg_sleep(0.01)')));
    await until('there are these alone', async () => (await connections()) === 4);
    expect(client.measure()).toMatchObject({
      counters: { poolWaits: 36 },
      gauges: { poolSize: 4, poolOpen: 4, poolBusy: 0, poolWaiting: 0 },
    });
  });

  it('is refused where nothing listens, and where there is no replica', async () => {
    const nowhere = begin(edgeTo([await freePort()]));
    await expect(nowhere.query('select 1')).rejects.toMatchObject({ reason: 'refused', hop: 'orders-db' });
    await expect(begin(edgeTo([])).query('select 1')).rejects.toMatchObject({ reason: 'refused', hop: 'orders-db' });
  });

  it('is refused when the server has no connection left', async () => {
    const client = begin(edgeTo([database.launch.port], { maxConnections: 40 }));
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => client.query('select pg_sleep(0.3)')));
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.reason] : []));
    expect(reasons.length).toBeGreaterThan(0);
    expect(new Set(reasons)).toEqual(new Set(['refused']));
    const failure = results.find((result) => result.status === 'rejected');
    expect(failure?.reason.message).toMatch(/max_connections are all taken/);
  });

  it('goes to the primary, or to the read replicas in turn', async () => {
    const replicas = { target: 'replica', deadlineMs: Number.POSITIVE_INFINITY } as const;
    const counted: number[] = [];
    const relays = await Promise.all([0, 1, 2].map(() => startRelay()));
    relays.forEach(({ server }, index) => {
      counted[index] = 0;
      server.on('connection', () => {
        counted[index] = (counted[index] ?? 0) + 1;
      });
    });
    const client = begin(edgeTo(relays.map(({ port }) => port)));
    for (let i = 0; i < 3; i += 1) await client.query('select 1');
    expect(counted).toEqual([1, 0, 0]);
    await client.query('select 1', [], replicas);
    expect(counted).toEqual([1, 1, 0]);
    for (let i = 0; i < 3; i += 1) await client.query('select 1', [], replicas);
    expect(counted).toEqual([1, 1, 1]);
    client.update(edgeTo(relays.slice(0, 1).map(({ port }) => port)));
    await client.query('select 1', [], replicas);
    expect(counted).toEqual([1, 1, 1]);
  });

  it('goes through the policies of its edge: a read is tried again on the next read replica, a write is not', async () => {
    const [nowhere, relay] = [await freePort(), await startRelay()];
    const retries = edgeConfigSchema.parse({ retries: { maxAttempts: 2, budget: null } }).retries;
    const client = begin(edgeTo([nowhere, nowhere, relay.port], { retries }));
    const read = { target: 'replica', deadlineMs: Number.POSITIVE_INFINITY } as const;
    for (let i = 0; i < 4; i += 1) expect((await client.query('select 1', [], read)).rowCount).toBe(1);
    const { retries: afterReads = 0 } = client.measure().counters;
    expect(afterReads).toBeGreaterThanOrEqual(2);
    await expect(client.query('update orders set id = id')).rejects.toMatchObject({ reason: 'refused' });
    expect(client.measure().counters.retries).toBe(afterReads);
  });

  it('opens a connection of its own where the edge keeps none', async () => {
    const relay = await startRelay();
    const backend = async (client: QueryClient) => (await client.query('select pg_backend_pid()')).rows[0]?.[0];
    const kept = begin(edgeTo([relay.port]));
    expect(await backend(kept)).toBe(await backend(kept));
    const anew = begin(edgeTo([relay.port], { keepAlive: false }));
    expect(await backend(anew)).not.toBe(await backend(anew));
  });

  it('that nobody waits for any more is given up at its deadline', async () => {
    const client = begin();
    const query = client.query('select pg_sleep(10)', [], { deadlineMs: performance.now() + 200 });
    await expect(query).rejects.toMatchObject({ reason: 'expired' });
    expect(client.measure().gauges.poolBusy).toBe(0);
  });

  it('whose connection is cut fails with a reset, and the next one goes through', async () => {
    const relay = await startRelay();
    const client = begin(edgeTo([relay.port]));
    await client.query('select 1');
    const running = client.query('select pg_sleep(10)');
    running.catch(() => {});
    await until(
      'it runs',
      async () =>
        (
          await begin().query(
            "select from pg_stat_activity where query like 'select pg_sleep(10)' and state = 'active'",
          )
        ).rowCount > 0,
    );
    relay.cut();
    await expect(running).rejects.toMatchObject({ reason: 'reset', hop: 'orders-db' });
    expect(await client.query('select 1')).toMatchObject({ rowCount: 1 });
  });

  it('goes to the new ports of an edge that changed, without a failure on the way', async () => {
    const [one, two] = [await startRelay(), await startRelay()];
    const client = begin(edgeTo([one.port]));
    const running = client.query('select pg_sleep(0.2)');
    await client.query('select 1');
    client.update(edgeTo([two.port]));
    one.server.close();
    expect(await client.query('select 1')).toMatchObject({ rowCount: 1 });
    expect(await running).toMatchObject({ rowCount: 1 });
    await new Promise<void>((resolve) => one.server.once('close', resolve));
  });
});

describe.runIf(process.platform !== 'win32')('when the server', () => {
  it('is killed and comes back, queries fail at once and then succeed again', async () => {
    const own = await createTestDatabase();
    onTestFinished(() => own.end());
    await own.start();
    await own.launch.setUp();
    const client = begin({ ...edgeTo([own.launch.port]), login: own.launch.login });
    await client.query('select 1');
    const running = client.query('select pg_sleep(10)');
    running.catch(() => {});
    await until(
      'it runs',
      async () =>
        (await client.query("select from pg_stat_activity where query = 'select pg_sleep(10)' and state = 'active'"))
          .rowCount === 1,
    );
    await own.kill('SIGKILL');
    await expect(running).rejects.toMatchObject({ reason: 'reset' });
    // A backend lives on for the moment that it takes to notice that its postmaster is gone.
    await vi.waitFor(
      () =>
        expect(client.query('select 1')).rejects.toMatchObject({
          reason: expect.stringMatching(/^(refused|reset)$/),
        }),
      { timeout: 15_000, interval: 20 },
    );
    await own.start();
    expect(await client.query('select 1')).toMatchObject({ rowCount: 1 });

    // A fast shutdown says so on every connection, also on those that nobody uses.
    await own.kill('SIGINT');
    await expect(client.query('select 1')).rejects.toMatchObject({ reason: 'refused' });
  });

  it.runIf(process.platform === 'linux')('is stopped, queries time out, and go through when it goes on', async () => {
    const own = await createTestDatabase();
    onTestFinished(() => own.end());
    await own.start();
    await own.launch.setUp();
    const client = begin({
      ...edgeTo([own.launch.port], { timeoutMs: 300, maxConnections: 2 }),
      login: own.launch.login,
    });
    await client.query('select 1');
    const pid = own.child().pid as number;
    const tree = [pid, ...descendantsOf([pid]).map((entry) => entry.pid)];
    for (const member of tree) process.kill(member, 'SIGSTOP');
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => client.query('select 1')));
    for (const member of tree) process.kill(member, 'SIGCONT');
    expect(results.map((result) => result.status === 'rejected' && result.reason.reason)).toEqual(
      Array(6).fill('timeout'),
    );
    await until('it answers', () =>
      client.query('select 1').then(
        () => true,
        () => false,
      ),
    );
  });
});

describe('closing', () => {
  it('waits for the running queries, then closes every connection and takes no more', async () => {
    const client = createQueryClient(edgeTo([database.launch.port], { maxConnections: 1 }));
    await client.query('select 1');
    const running = [client.query('select pg_sleep(0.2)'), client.query('select 2')];
    await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    expect(await Promise.all(running)).toMatchObject([{ rowCount: 1 }, { rowCount: 1 }]);
    await until('the connections are gone', async () => (await connections()) === 0);
    await expect(client.query('select 1')).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('is not needed for a process to end: idle connections do not keep it', async () => {
    const program = `
      const { createQueryClient } = await import(${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))});
      await createQueryClient(${JSON.stringify(edgeTo([database.launch.port]))}).query('select 1');
      process.stdout.write('queried');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const [code] = await once(child, 'exit');
    expect([code, said]).toEqual([0, 'queried']);
  });
});
