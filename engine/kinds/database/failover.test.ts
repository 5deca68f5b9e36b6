import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { descendantsOf } from '../../runtime/guardian/process-table.ts';
import { until } from './fixtures/database.ts';
import { ledgerDocument, type Running, startRunning } from './fixtures/running.fixture.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let running: Running;
afterEach(() => running.end());

const written = async (...ids: number[]): Promise<void> => {
  for (const id of ids) expect(await running.get(`/write/${id}`)).toBe(200);
};
const hasAll = (...ids: number[]): Promise<number> => running.get(`/has-all?ids={${ids.join(',')}}`);

/** Until both turns of the reads have seen it: the read replicas have applied it. */
const applied = async (id: number): Promise<void> => {
  for (let read = 0; read < 4; read += 1)
    await until(`row ${id} is on each`, async () => (await running.get(`/read-replica/${id}`)) === 200);
};

/** Freezes what sends to read replicas, in their order as the operating system has them: what is written from now on stays. */
function holdBack(count: number): void {
  const senders = descendantsOf([running.replica(0).pid as number])
    .map(({ pid }) => pid)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('walsender'));
  expect(senders.length).toBeGreaterThanOrEqual(count);
  for (const pid of senders.slice(0, count)) process.kill(pid, 'SIGSTOP');
}

const failOver = async (parameters: object = { detectAfterMs: 100 }): Promise<string> => {
  const id = await running.inject('failover', { ...parameters });
  expect((await running.proven(id)).proofOfEffect).toMatchObject({ holds: true });
  return id;
};
const evidence = (id: string): string => running.fault(id).proofOfEffect?.evidence ?? '';

const giveBack = async (id: string): Promise<void> => {
  expect(await running.engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
  expect(running.db().replicas.map(({ state }) => state)).toEqual(running.db().replicas.map(() => 'ready'));
};

// Elsewhere nothing is known that would freeze one process of a server.
describe.runIf(process.platform === 'linux')('a failover', () => {
  it('promotes the read replica that received most, and gives all back', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 2 }));
    await written(1);
    await applied(1);
    holdBack(1);
    await written(2);
    const primary = running.replica(0).pid;
    const id = await failOver();
    expect(evidence(id)).toMatch(
      /^process \d+, the primary, is gone; replica [12] takes writes since \d+ ms after, on timeline 2; 0 committed transactions are not there$/,
    );
    expect(running.replica(0)).toMatchObject({ state: 'dead' });
    await written(3);
    expect(await hasAll(1, 2, 3)).toBe(200);
    await applied(3);

    await giveBack(id);
    expect(running.replica(0).pid).not.toBe(primary);
    await written(4);
    await applied(4);
    expect(await hasAll(1, 2, 3, 4)).toBe(200);
  });

  it('loses what the primary had committed and not sent, and tells how much; one that is planned loses nothing', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 1 }));
    await written(1);
    await applied(1);
    holdBack(1);
    await written(2, 3);
    const lossy = await failOver();
    expect(evidence(lossy)).toContain('; 2 committed transactions are not there');
    expect([await hasAll(1), await hasAll(2), await hasAll(3)]).toEqual([200, 500, 500]);
    await giveBack(lossy);
    expect([await hasAll(1), await hasAll(2)]).toEqual([200, 500]);

    await written(4);
    const planned = await failOver({ planned: true });
    expect(evidence(planned)).toContain('; 0 committed transactions are not there');
    expect(await hasAll(1, 4)).toBe(200);
    await giveBack(planned);
    expect(await hasAll(1, 4)).toBe(200);
  });
});

it('a failover that ends before it is noticed brings the primary back as it was; without a read replica there is none', async () => {
  running = await startRunning(ledgerDocument({ readReplicas: 1 }));
  await written(1);
  await expect(running.inject('failover', {}, 1)).rejects.toThrow('nobody takes over from it');
  const id = await running.inject('failover', { detectAfterMs: 60_000 });
  expect(await running.get('/write/2')).not.toBe(200);
  await giveBack(id);
  expect(running.fault(id).proofOfEffect).toMatchObject({ holds: false });
  expect(await hasAll(1)).toBe(200);

  await running.engine.applyDocument(ledgerDocument());
  await expect(running.inject('failover')).rejects.toThrow('has no read replica that could take over');
  expect(running.replica(0).state).toBe('ready');
});
