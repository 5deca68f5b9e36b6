import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEnvironment } from '../runtime/environment.ts';
import { waitFor } from '../runtime/links/links.fixture.ts';
import { type NodeProcess, spawnNodeProcess } from '../runtime/node-process.ts';
import type { HalfState } from './inject.ts';

/* Faults inside a process, as its own half of them goes on without the engine. */

let program: NodeProcess;
let frames: { atMs: number; hereMs: number }[];

beforeEach(async () => {
  frames = [];
  program = spawnNodeProcess({
    environment: createEnvironment('acts-test'),
    bundle: 'gateway.cjs',
    onFrame: ({ atMs }) => frames.push({ atMs, hereMs: Date.now() }),
    onProblem: () => {},
  });
  const config = { rules: [], balancing: { algorithm: 'round-robin' } };
  program.send({ type: 'start', nodeId: 'gate', replica: 0, config, edges: [], frameIntervalMs: 50 });
  await program.listening;
});

afterEach(async () => {
  if (program.child.exitCode !== null) return;
  const gone = new Promise((resolve) => program.child.once('exit', resolve));
  program.child.kill('SIGKILL');
  await gone;
});

const on = (fault: string, parameters: unknown, leaseMs: number, id = 'fault-1'): Promise<unknown> =>
  program.call('fault-on', {
    ...{ id, fault, parameters, seed: 1, probability: 1 },
    expiresAtMs: Date.now() + leaseMs,
  });
const state = async (id = 'fault-1'): Promise<HalfState> => (await program.call('fault-measured', { id })) as HalfState;
const skewMs = async (): Promise<number> => ((await program.call('wall-clock', null)) as number) - Date.now();
const isOver = (id?: string) =>
  waitFor('the process has taken the fault off by itself', async () => !(await state(id)).on, 20_000);

test.each([
  ['cpu-burn', { loadPercent: 100, where: 'thread' }],
  ['cpu-burn', { loadPercent: 100, where: 'event-loop' }],
  ['event-loop-block', { blockMs: 400, everyMs: 401 }],
  ['gc-churn', { mbPerSec: 2000, keptMb: 64 }],
  ['memory-leak', { mbPerSec: 100, limitMb: 200, where: 'heap' }],
  ['memory-ballast', { sizeMb: 64 }],
  ['clock-skew', { offsetMs: 3_600_000 }],
])('%s, as hard as it may be, ends in the process itself when nobody renews its lease', async (fault, parameters) => {
  await on(fault, parameters, 700);
  expect((await state()).on).toBe(true);
  await isOver();
  expect(Math.abs(await skewMs())).toBeLessThan(60_000);
});

test.each([86_400_000, -86_400_000])(
  'neither frames nor leases are confused by a clock that is %i ms wrong',
  async (offsetMs) => {
    await on('clock-skew', { offsetMs }, 60_000, 'skew');
    expect(Math.abs((await skewMs()) - offsetMs)).toBeLessThan(60_000);
    frames.length = 0;
    await on('memory-leak', { mbPerSec: 1, limitMb: 1, where: 'heap' }, 60_000);
    expect((await state()).on).toBe(true);
    // Renewed while the clock is wrong: with a time that is still to come, and then with one that soon will have.
    await on('memory-leak', { mbPerSec: 1, limitMb: 1, where: 'heap' }, 30_000);
    expect((await state()).on).toBe(true);
    await on('memory-leak', { mbPerSec: 1, limitMb: 1, where: 'heap' }, 300);
    await isOver();
    await waitFor('frames come', () => frames.length > 2);
    for (const { atMs, hereMs } of frames) expect(Math.abs(atMs - hereMs)).toBeLessThan(60_000);
    await program.call('fault-off', { id: 'skew' });
    expect(Math.abs(await skewMs())).toBeLessThan(60_000);
  },
);

test('a leak stays at its limit, and a ramp of ballast grows to what is wanted', async () => {
  await on('memory-leak', { mbPerSec: 1000, limitMb: 20, where: 'buffers' }, 60_000);
  await waitFor('it has reached its limit', async () => (await state()).measured?.leakedMb === 20);
  const looks = [await state(), await state(), await state()];
  expect(looks.map(({ measured }) => measured?.leakedMb)).toEqual([20, 20, 20]);

  await on('memory-ballast', { sizeMb: 0 }, 60_000, 'ballast');
  for (const sizeMb of [10.4, 21, 33]) await on('memory-ballast', { sizeMb }, 60_000, 'ballast');
  await waitFor('all of it is there', async () => (await state('ballast')).measured?.heldMb === 33);
});

test('a process with faults in it ends when it is told to', async () => {
  await on('cpu-burn', { loadPercent: 100, where: 'thread' }, 60_000, 'thread');
  await on('cpu-burn', { loadPercent: 100, where: 'event-loop' }, 60_000, 'loop');
  const gone = new Promise((resolve) => program.child.once('exit', (code) => resolve(code)));
  program.child.disconnect();
  expect(await gone).toBe(0);
});
