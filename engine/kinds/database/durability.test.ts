import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { until } from './fixtures/database.ts';
import { ledgerDocument, type Running, startRunning } from './fixtures/running.fixture.ts';

const ROUNDS = 4;
const WRITERS = 8;
/** Rows that are committed before each kill: some of them a moment before it. */
const BEFORE_KILL = 150;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let running: Running;
beforeAll(async () => {
  running = await startRunning(ledgerDocument());
});
afterAll(() => running.end());

const hasAll = async (ids: readonly number[]): Promise<boolean> => {
  for (let from = 0; from < ids.length; from += 500) {
    const part = encodeURIComponent(`{${ids.slice(from, from + 500).join(',')}}`);
    if ((await running.get(`/has-all?ids=${part}`)) !== 200) return false;
  }
  return true;
};

it('every row that a client was told is committed is there after each of several kills under load', async () => {
  const committed: number[] = [];
  let last = 0;
  let failed = 0;
  let over = false;
  const writer = async (): Promise<void> => {
    while (!over) {
      last += 1;
      const id = last;
      if ((await running.get(`/write/${id}`)) === 200) committed.push(id);
      else failed += 1;
    }
  };
  const writers = Array.from({ length: WRITERS }, writer);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [before, failedBefore] = [committed.length, failed];
    await until('rows are committed', () => committed.length >= before + BEFORE_KILL, 20_000);
    const id = await running.inject('kill');
    expect((await running.proven(id)).proofOfEffect).toMatchObject({ holds: true });
    await until('writers notice', () => failed > failedBefore);
    const told = [...committed];
    expect(await running.engine.clearFault({ id })).toMatchObject({ proofOfRemoval: { holds: true } });
    await until('reads go through', async () => (await running.get('/has-all?ids=%7B%7D')) === 200);
    expect(await hasAll(told), `after kill ${round}`).toBe(true);
  }
  over = true;
  await Promise.all(writers);
  expect(await hasAll(committed)).toBe(true);
  // The check can fail: this row was never written.
  expect(await hasAll([...committed.slice(0, 3), last + 1])).toBe(false);
});
