import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { descendantsOf, processesIn } from '../../runtime/guardian/process-table.ts';
import { findPostgres } from './binaries.ts';
import { createTestDatabase, databaseConfig, freePort, type TestDatabase, until } from './fixtures/database.ts';
import { launchDatabase } from './launch.ts';
import { fillDatabase } from './set-up.ts';

const setupSql = `
create table orders (id bigint generated always as identity primary key, note text not null);
insert into orders (note) select 'seed ' || n from generate_series(1, 10) n;
`;

const begin = async (config: Parameters<typeof createTestDatabase>[0] = {}): Promise<TestDatabase> => {
  const database = await createTestDatabase(config);
  onTestFinished(() => database.end());
  return database;
};

describe('a database of our own', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ setupSql, maxConnections: 8 });
    await database.start();
    await database.launch.setUp();
  });
  afterAll(() => database.end());

  it('runs the set-up SQL before anyone uses it', async () => {
    const client = await database.connect();
    const { rows } = await client.query('select count(*)::int as orders from orders');
    expect(rows).toEqual([{ orders: 10 }]);
    await client.end();
  });

  it('is PostgreSQL 18 that keeps what is committed, in UTF-8', async () => {
    const client = await database.connect();
    const shown = async (name: string): Promise<unknown> =>
      Object.values((await client.query(`show ${name}`)).rows[0])[0];
    expect(await shown('server_version')).toMatch(/^18\./);
    expect([await shown('fsync'), await shown('full_page_writes'), await shown('synchronous_commit')]).toEqual([
      'on',
      'on',
      'on',
    ]);
    expect(await shown('server_encoding')).toBe('UTF8');
    await client.end();
  });

  it('is less careful where its config says so', async () => {
    const own = await begin({ synchronousCommit: false, fsync: false });
    await own.start();
    await own.launch.setUp();
    const client = await own.connect();
    const { rows } = await client.query(
      "select setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name",
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['off', 'on', 'off']);
  });

  it('takes a login with the right password only', async () => {
    const { launch } = database;
    const { Client } = await import('pg');
    const client = new Client({
      host: '127.0.0.1',
      port: launch.port,
      ...launch.login,
      password: 'guessed',
      ssl: false,
    });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('gives the topology all connections of its config, and the engine another one', async () => {
    expect(await database.launch.healthy(1000)).toBe(true);
    const first = await database.connect();
    await until('the clients of the tests before have left', async () => {
      const { rowCount } = await first.query('select from pg_stat_activity where usename = current_user');
      return rowCount === 1;
    });
    const all = [first, ...(await Promise.all(Array.from({ length: 7 }, () => database.connect())))];
    await expect(database.connect()).rejects.toMatchObject({ code: '53300' });
    expect(await database.launch.healthy(1000)).toBe(true);
    await Promise.all(all.map((client) => client.end()));
  });

  it('lets the SQL of a document run no program and read no file', async () => {
    const client = await database.connect();
    await expect(client.query("copy orders (note) from program 'echo owned'")).rejects.toMatchObject({ code: '42501' });
    await expect(client.query("select pg_read_file('/etc/passwd')")).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  it.runIf(process.getuid?.() === 0)('does not run as root', () => {
    const uid = statSync(`/proc/${database.child().pid}`).uid;
    expect(uid).toBe(database.launch.uid);
    expect(uid).not.toBe(0);
  });

  it('listens on 127.0.0.1 and leaves no socket elsewhere', () => {
    expect(database.log()).toMatch(/listening on IPv4 address "127\.0\.0\.1"/);
    expect(database.log().match(/listening on/g)).toHaveLength(1);
  });
});

describe.runIf(process.platform !== 'win32')('the health check', () => {
  it('sees a server that is stopped, one that goes on, one that is dead and one that came back', async () => {
    const database = await begin({ setupSql });
    await database.start();
    const { launch } = database;
    expect(await launch.healthy(1000)).toBe(true);

    database.child().kill('SIGSTOP');
    const asked = performance.now();
    expect(await launch.healthy(200)).toBe(false);
    expect(performance.now() - asked).toBeLessThan(1000);
    database.child().kill('SIGCONT');
    await until('it is healthy again', () => launch.healthy(1000));

    await database.kill('SIGKILL');
    expect(await launch.healthy(1000)).toBe(false);
    await database.start();
    expect(await launch.healthy(1000)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('sees that the process behind its own connection is stopped', async () => {
    const database = await begin();
    await database.start();
    const pid = database.child().pid as number;
    const before = new Set(descendantsOf([pid]).map((entry) => entry.pid));
    expect(before.size).toBeGreaterThan(0);
    for (const member of before) process.kill(member, 'SIGSTOP');
    expect(await database.launch.healthy(300)).toBe(false);
    for (const member of before) process.kill(member, 'SIGCONT');
    await until('it is healthy again', () => database.launch.healthy(1000));
  });
});

describe('a server that is killed', () => {
  it('has every committed row when it is back', async () => {
    const database = await begin({ setupSql: 'create table ledger (id int primary key)' });
    await database.start();
    await database.launch.setUp();
    const committed: number[] = [];
    const writer = async (first: number): Promise<void> => {
      const client = await database.connect();
      for (let id = first; ; id += 4) {
        await client.query('insert into ledger values ($1)', [id]);
        committed.push(id);
      }
    };
    const writers = Promise.allSettled([1, 2, 3, 4].map(writer));
    // Its own child, busy for ever: PostgreSQL would refuse to start beside it.
    const busy = database.connect().then((client) => client.query('do $$ begin loop perform 1; end loop; end $$'));
    busy.catch(() => {});
    await until('some hundred rows are committed', () => committed.length > 300);
    await database.kill('SIGKILL');
    const restarting = database.start();
    await writers;
    await restarting;
    const client = await database.connect();
    const { rows } = await client.query<{ id: number }>('select id from ledger');
    const found = new Set(rows.map(({ id }) => id));
    expect(committed.filter((id) => !found.has(id))).toEqual([]);
    // What was on its way may be there too, at most one row for each writer.
    expect(rows.length - committed.length).toBeLessThanOrEqual(4);
  });
});

describe('set-up SQL that is wrong', () => {
  it('says where and why, keeps nothing, and can be tried again', async () => {
    const database = await begin({ setupSql: 'create table kept (id int);\ncreate table other (\n  id itn\n);' });
    await database.start();
    const failure = {
      code: 'start-failed',
      message: expect.stringMatching(
        /set-up SQL fails in statement 2, at line 3, column 6: type "itn" does not exist \(SQLSTATE 42704\)/,
      ),
      nextStep: expect.stringContaining('set-up SQL'),
    };
    await expect(database.launch.setUp()).rejects.toMatchObject(failure);
    await expect(database.launch.setUp()).rejects.toMatchObject(failure);
    const client = await database.connect();
    const { rows } = await client.query("select to_regclass('kept') as kept");
    expect(rows).toEqual([{ kept: null }]);
  });
});

describe('a topology that is stopped while its database starts', () => {
  it('leaves nothing of it, at whatever moment', async () => {
    for (const afterMs of [0, 20, 100, 200]) {
      const root = mkdtempSync(join(tmpdir(), 'archipel-abort-test-'));
      chmodSync(root, 0o711);
      onTestFinished(() => rmSync(root, { recursive: true, force: true }));
      const directory = join(root, 'replica');
      const signal = AbortSignal.timeout(afterMs);
      const launching = launchDatabase({
        config: databaseConfig(),
        replica: 0,
        scope: {},
        directory,
        port: freePort,
        signal,
      });
      await expect(launching).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([]);
      expect(processesIn(directory).filter(({ zombie }) => !zombie)).toEqual([]);
    }
  });

  it('gives a long set-up up', async () => {
    const abort = new AbortController();
    const database = await begin();
    await database.start();
    await database.launch.setUp();
    const { port, login } = database.launch;
    if (!login) throw new Error('no login');
    const running = fillDatabase({
      address: { host: '127.0.0.1', port },
      login,
      config: databaseConfig({ setupSql: 'select pg_sleep(100)' }),
      signal: abort.signal,
    });
    const client = await database.connect();
    await until('it runs', async () => {
      const { rowCount } = await client.query(
        "select from pg_stat_activity where query like '%pg_sleep(100)%' and pid <> pg_backend_pid()",
      );
      return rowCount === 1;
    });
    abort.abort(new Error('the topology stops'));
    await expect(running).rejects.toThrow('the topology stops');
  });
});

describe('PostgreSQL that cannot run', () => {
  const withEnvironment = (name: string, value: string): void => {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  };

  it('is reported with its own words and the next step when its port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    const database = await begin({ port });
    await expect(database.start()).rejects.toThrow();
    expect(database.launch.explain?.(database.log().trim().split('\n'))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('Address already in use'),
      nextStep: expect.stringContaining('takes another port'),
    });
  });

  it('is reported when its binaries are not where the user says', async () => {
    withEnvironment('ARCHIPEL_POSTGRES_DIR', '/nowhere');
    await expect(createTestDatabase()).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('/nowhere'),
      nextStep: expect.stringContaining('ARCHIPEL_POSTGRES_DIR'),
    });
  });

  it('is reported when initdb fails, and nothing is left', async () => {
    const root = mkdtempSync(join(tmpdir(), 'archipel-initdb-test-'));
    chmodSync(root, 0o711);
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    // A PostgreSQL without its share directory.
    for (const part of ['bin', 'lib'])
      cpSync(join(findPostgres(), part), join(root, 'broken', part), { recursive: true, verbatimSymlinks: true });
    withEnvironment('ARCHIPEL_POSTGRES_DIR', join(root, 'broken'));
    const directory = join(root, 'replica');
    const launching = launchDatabase({
      config: databaseConfig(),
      replica: 0,
      scope: {},
      directory,
      port: freePort,
      signal: new AbortController().signal,
    });
    await expect(launching).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringMatching(/initdb.*\n.*does not exist/s),
    });
    expect(readdirSync(directory)).toEqual([]);
  });
});
