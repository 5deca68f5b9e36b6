import { afterEach, describe, expect, it, vi } from 'vitest';
import { exists } from '../../runtime/operating-system.ts';
import { until } from './fixtures/database.ts';
import { ledgerDocument, type Running, startRunning } from './fixtures/running.fixture.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let running: Running;
afterEach(async () => {
  const pids = running.db().replicas.flatMap(({ pid }) => pid ?? []);
  await running.end();
  expect(pids.filter(exists)).toEqual([]);
});

const arrives = (path: string): Promise<void> =>
  until(`${path} succeeds`, async () => (await running.get(path)) === 200, 30_000);

describe('read replicas', () => {
  it('serve reads of what the primary has committed, each in a process of its own', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 2 }));
    expect(running.db().replicas.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    expect(new Set(running.db().replicas.map(({ pid }) => pid)).size).toBe(3);
    expect(await running.get('/write/1')).toBe(200);
    for (let read = 0; read < 4; read += 1) {
      expect(await running.get('/on-standby')).toBe(200);
      await arrives('/read-replica/1');
    }
    expect(await running.get('/read-replica/2')).toBe(500);
    await until('both stream, and their lag is known', () => {
      const { replicasStreaming, replicationLag } = running.db().measures;
      return replicasStreaming === 2 && replicationLag !== null;
    });
  });

  it('answer while the primary is down, and follow it again when it is back', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 1 }));
    expect(await running.get('/write/1')).toBe(200);
    await arrives('/read-replica/1');
    const id = await running.inject('kill');
    expect(await running.get('/read-replica/1')).toBe(200);
    expect(await running.get('/write/2')).not.toBe(200);
    await running.engine.clearFault({ id });
    await arrives('/write/2');
    await arrives('/read-replica/2');
  });

  it('can be killed while the primary works, and catch up', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 1 }));
    const id = await running.inject('kill', {}, 1);
    expect(await running.get('/write/1')).toBe(200);
    expect(await running.get('/read-replica/1')).toBe(502);
    expect(await running.engine.clearFault({ id })).toMatchObject({ state: 'off', proofOfRemoval: { holds: true } });
    await arrives('/read-replica/1');
  });

  it.runIf(process.platform !== 'win32')('can be paused: reads wait until it goes on', async () => {
    running = await startRunning(ledgerDocument({ readReplicas: 1 }));
    expect(await running.get('/write/1')).toBe(200);
    await arrives('/read-replica/1');
    const id = await running.inject('pause', {}, 1);
    let answered = false;
    const read = running.get('/read-replica/1').finally(() => {
      answered = true;
    });
    expect(await running.get('/write/2')).toBe(200);
    expect((await running.proven(id)).proofOfEffect).toMatchObject({ holds: true });
    expect(answered).toBe(false);
    await running.engine.clearFault({ id });
    expect(await read).toBe(200);
    await arrives('/read-replica/2');
  });

  it('come and go while the primary runs on with all its rows', async () => {
    running = await startRunning(ledgerDocument());
    const primary = running.replica(0).pid;
    expect(await running.get('/write/1')).toBe(200);
    // Without one, the primary answers.
    expect(await running.get('/read-replica/1')).toBe(200);
    expect(await running.get('/on-standby')).toBe(500);
    await running.engine.applyDocument(ledgerDocument({ readReplicas: 1 }));
    expect(await running.get('/on-standby')).toBe(200);
    await arrives('/read-replica/1');
    await running.engine.applyDocument(ledgerDocument());
    expect(running.db().replicas).toHaveLength(1);
    expect(await running.get('/on-standby')).toBe(500);
    await running.engine.applyDocument(ledgerDocument({ readReplicas: 2 }));
    expect(await running.get('/on-standby')).toBe(200);
    expect(running.replica(0).pid).toBe(primary);
  });
});
