import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEnvironment } from '../runtime/environment.ts';
import { type NodeProcess, spawnNodeProcess } from '../runtime/node-process.ts';
import { unlessEnded } from './unless-ended.ts';

/* What is asked of a process that ends meanwhile, and of one that does not. */

let program: NodeProcess;
const target = {
  pid: (): number | null =>
    program.child.exitCode === null && program.child.signalCode === null ? (program.child.pid ?? null) : null,
};

beforeEach(async () => {
  program = spawnNodeProcess({
    environment: createEnvironment('unless-ended-test'),
    bundle: 'gateway.cjs',
    onFrame: () => {},
    onProblem: () => {},
  });
  const config = { rules: [], balancing: { algorithm: 'round-robin' } };
  program.send({ type: 'start', nodeId: 'gate', replica: 0, config, edges: [], frameIntervalMs: 50 });
  await program.listening;
});

afterEach(async () => {
  if (target.pid() === null) return;
  const gone = new Promise((resolve) => program.child.once('exit', resolve));
  program.child.kill('SIGKILL');
  await gone;
});

test('a process that ends before it has answered took its faults with it', async () => {
  const pid = program.child.pid as number;
  await unlessEnded(target, pid, () => {
    // Killed first, in the same turn: its end is not known yet, so it is asked, and cannot be quick enough to answer.
    program.child.kill('SIGKILL');
    expect(target.pid()).toBe(pid);
    return program.call('fault-off', { id: 'none' });
  });
  expect(target.pid()).toBeNull();
});

test('its end may be known long after the failure, when the event loop was held up', async () => {
  const pid = 1234;
  let isKnown = false;
  const held = { pid: () => (isKnown ? null : pid) };
  await unlessEnded(held, pid, async () => {
    setImmediate(() => {
      // Longer than all looks together take when nothing holds them up.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      setImmediate(() => {
        isKnown = true;
      });
    });
    throw new Error('the channel is closed');
  });
  expect(held.pid()).toBeNull();
});

test('one that had ended already is asked in vain', async () => {
  const pid = program.child.pid as number;
  const gone = new Promise((resolve) => program.child.once('exit', resolve));
  program.child.kill('SIGKILL');
  await gone;
  await unlessEnded(target, pid, () => program.call('fault-off', { id: 'none' }));
  expect(target.pid()).toBeNull();
});

test('a refusal of one that goes on is thrown', async () => {
  await expect(
    unlessEnded(target, program.child.pid as number, () => program.call('no-such-call', null)),
  ).rejects.toThrow('no-such-call');
  expect(target.pid()).toBe(program.child.pid);
});
