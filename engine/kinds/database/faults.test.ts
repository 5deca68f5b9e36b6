import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { route } from '../../api/fixtures.ts';
import { until } from './fixtures/database.ts';
import { ledgerDocument, query, type Running, startRunning } from './fixtures/running.fixture.ts';

/** Twice the delay can be told from once, and once from none, on a busy machine. */
const delayMs = 800;

const document = ledgerDocument(
  {
    schema: 'create table ledger (id bigint primary key); create table other (id int)',
    readReplicas: 1,
    maxConnections: 20,
  },
  {
    routes: [
      route('/other', query('select from other')),
      route('/returning/:id', query('insert into ledger (id) values ($1) returning id', ['{id}'])),
      route('/update/:id', query('update ledger set id = id where id = $1', ['{id}'])),
    ],
  },
);

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let running: Running;
beforeAll(async () => {
  running = await startRunning(document);
});
afterAll(() => running.end());
afterEach(() => running.engine.clearAllFaults());

let rows = 0;
const newRow = (): number => {
  rows += 1;
  return rows;
};

/** Milliseconds that a request takes. It must succeed. */
const timed = async (path: string): Promise<number> => {
  const startMs = performance.now();
  expect(await running.get(path)).toBe(200);
  return performance.now() - startMs;
};

const on = async (fault: string, parameters: Record<string, unknown> = {}, replica = 0): Promise<string> => {
  const id = await running.inject(fault, parameters, replica);
  expect((await running.proven(id)).proofOfEffect).toMatchObject({ holds: true });
  return id;
};

const off = async (id: string): Promise<void> =>
  expect(await running.engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });

const offByLease = async (id: string): Promise<void> => {
  await until('it is off', () => running.fault(id).state === 'off');
  expect(running.fault(id)).toMatchObject({ endedBy: 'lease', proofOfRemoval: { holds: true } });
};

describe('slow-query', () => {
  it.each(['wait', 'cpu'] as const)(
    'makes each statement on the table take longer (%s), prepared ones too',
    async (work) => {
      const [known, ...fresh] = [newRow(), newRow(), newRow(), newRow()];
      expect(await running.get(`/write/${known}`)).toBe(200);
      expect(await timed(`/read/${known}`)).toBeLessThan(delayMs);
      const id = await on('slow-query', { table: 'ledger', delayMs, work });
      for (const path of [`/read/${known}`, `/write/${fresh[0]}`, `/returning/${fresh[1]}`, `/update/${known}`]) {
        const tookMs = await timed(path);
        expect(tookMs, path).toBeGreaterThanOrEqual(delayMs);
        // Once for each statement, whatever it asks of the table.
        expect(tookMs, path).toBeLessThan(2 * delayMs);
      }
      expect(await timed('/other')).toBeLessThan(delayMs);
      await off(id);
      expect(await timed(`/read/${known}`)).toBeLessThan(delayMs);
      expect(await timed(`/write/${fresh[2]}`)).toBeLessThan(delayMs);
    },
  );

  it('ends with its lease', async () => {
    const id = await running.inject('slow-query', { delayMs }, 0, 2500);
    await offByLease(id);
    expect(await timed(`/write/${newRow()}`)).toBeLessThan(delayMs);
  });

  it('is refused where there is nothing to slow down, and on a read replica', async () => {
    await expect(running.inject('slow-query', { table: 'nothing' })).rejects.toMatchObject({
      code: 'fault-impossible',
      message: 'The database has no table "nothing".',
    });
    await expect(running.inject('slow-query', {}, 1)).rejects.toMatchObject({
      code: 'fault-impossible',
      nextStep: 'Name replica 0, the primary.',
    });
  });
});

describe('deadlock', () => {
  it('ends transactions of the topology that change rows, over and over, and lets reads and inserts through', async () => {
    const [known, fresh] = [newRow(), newRow()];
    expect(await running.get(`/write/${known}`)).toBe(200);
    const id = await on('deadlock', { table: 'ledger', pauseMs: 0 });
    // Each of them meets rows that are locked, and is caught or comes just between two traps.
    let caught = 0;
    await until('two of them were caught', async () => {
      if ((await running.get(`/update/${known}`)) === 500) caught += 1;
      return caught === 2;
    });
    expect(await running.get(`/read/${known}`)).toBe(200);
    expect(await running.get(`/write/${fresh}`)).toBe(200);
    await off(id);
    expect(await running.get(`/update/${known}`)).toBe(200);
  });

  it('is refused where there are no rows, and on a read replica', async () => {
    await expect(running.inject('deadlock', { table: 'other' })).rejects.toMatchObject({
      code: 'fault-impossible',
      message: expect.stringContaining('no rows to lock'),
    });
    await expect(running.inject('deadlock', {}, 1)).rejects.toMatchObject({ nextStep: 'Name replica 0, the primary.' });
  });
});

describe('lock', () => {
  it.each([
    ['access exclusive', 'reads and writes'],
    ['exclusive', 'writes'],
    ['share', 'writes'],
  ] as const)('%s holds up %s; who waits is seen, and goes on when it comes off', async (mode, what) => {
    const [known, fresh] = [newRow(), newRow()];
    expect(await running.get(`/write/${known}`)).toBe(200);
    const id = await on('lock', { table: 'ledger', mode });
    const held = [running.get(`/write/${fresh}`)];
    const read = running.get(`/read/${known}`);
    if (what === 'writes') expect(await read).toBe(200);
    else held.push(read);
    await until('they are seen to wait', () => running.db().measures.locksWaiting === held.length);
    await off(id);
    expect(await Promise.all(held)).toEqual(held.map(() => 200));
  });

  it('ends with its lease', async () => {
    const id = await running.inject('lock', {}, 0, 1500);
    const write = running.get(`/write/${newRow()}`);
    await offByLease(id);
    expect(await write).toBe(200);
  });
});

describe('replica-lag', () => {
  it('makes reads from the read replica stale for that long, which the lag shows', async () => {
    const [first, second] = [newRow(), newRow()];
    const id = await on('replica-lag', { delayMs: 3000 }, 1);
    const startMs = performance.now();
    expect(await running.get(`/write/${first}`)).toBe(200);
    expect(await running.get(`/read/${first}`)).toBe(200);
    await until('the lag shows', () => (running.db().measures.replicationLag ?? 0) > 500);
    await until('it arrives', async () => (await running.get(`/read-replica/${first}`)) === 200);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(2900);
    expect(await running.get(`/write/${second}`)).toBe(200);
    await off(id);
    await until('what was held back is there', async () => (await running.get(`/read-replica/${second}`)) === 200);
  });

  it('is refused on the primary', async () => {
    await expect(running.inject('replica-lag')).rejects.toMatchObject({
      code: 'fault-impossible',
      nextStep: expect.stringContaining('read replicas'),
    });
  });
});

describe('read-only', () => {
  it('refuses writes and answers reads', async () => {
    const [known, fresh] = [newRow(), newRow()];
    expect(await running.get(`/write/${known}`)).toBe(200);
    const id = await on('read-only');
    expect(await running.get(`/write/${fresh}`)).toBe(500);
    expect(await running.get(`/read/${known}`)).toBe(200);
    await off(id);
    expect(await running.get(`/write/${fresh}`)).toBe(200);
  });
});

describe('pool-exhaustion', () => {
  it('leaves none: who opens a connection is refused, and who has one goes on', async () => {
    expect(await running.get(`/write/${newRow()}`)).toBe(200);
    const id = await on('pool-exhaustion');
    expect(running.fault(id).proofOfEffect?.evidence).toMatch(
      /connections are taken, 0 left; another login is refused/,
    );
    expect(await running.get(`/write/${newRow()}`)).toBe(200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => running.get(`/write/${newRow()}`)));
    expect(answers).toContain(200);
    expect(answers).toContain(502);
    await until('all are seen in use', () => running.db().measures.connectionUse === 1);
    await off(id);
    expect(await running.get(`/write/${newRow()}`)).toBe(200);
  });

  it('leaves what it is told to leave', async () => {
    const id = await on('pool-exhaustion', { leave: 5 });
    expect(running.fault(id).proofOfEffect?.evidence).toMatch(/connections are taken, 5 left$/);
    expect(await running.get(`/write/${newRow()}`)).toBe(200);
    await off(id);
  });
});
