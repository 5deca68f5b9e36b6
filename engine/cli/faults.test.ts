import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exists } from '../runtime/operating-system.ts';
import { type Ended, hello, type RunningCli, startCli } from './cli.fixture.ts';

/* `archipel faults` in one terminal, acting on an engine in another. */

let directory: string;
let file: string;
let run: RunningCli | null = null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-faults-'));
  file = join(directory, 'hello.archipel.json');
  await writeFile(file, JSON.stringify(hello));
});
afterEach(async () => {
  if (run?.leftSomething()) run.interrupt('SIGKILL');
  await run?.ended;
  run = null;
  await rm(directory, { recursive: true, force: true });
});

const faults = (...args: string[]): Promise<Ended> => startCli(['faults', ...args], { ARCHIPEL_DATA: directory }).ended;

interface Listed {
  pid: number;
  faults: { id: string; state: string; proofOfRemoval: { holds: boolean } | null; members?: unknown[] }[];
}
const list = async (): Promise<Listed[]> => JSON.parse((await faults('list', '--json')).stdout);

/** A run of a minute whose nodes answer. */
async function startRun(): Promise<Listed> {
  run = startCli(['run', file, '--duration', '1m'], { ARCHIPEL_DATA: directory });
  await run.output(/scenario "calm"/);
  let engine: Listed | undefined;
  await expect
    .poll(
      async () => {
        [engine] = await list();
        if (!engine) return 'no engine';
        const tried = await faults('inject', 'latency', '--edge', 'callers-greeter', '--for', '100ms');
        return tried.exitCode === 1 || tried.exitCode === 2 ? tried.stderr : 'runs';
      },
      { timeout: 30_000, interval: 300 },
    )
    .toBe('runs');
  return engine as Listed;
}

test('where no engine runs there is nothing to list, to clear or to harm', async () => {
  expect(await faults('list')).toMatchObject({ exitCode: 0, stdout: 'No engine runs.\n' });
  expect(await faults('clear')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Nothing was on/) });
  expect(await faults('clear', 'kill-1')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/No fault "kill-1"/),
  });
  expect(await faults('inject', 'kill', '--node', 'greeter')).toMatchObject({ exitCode: 2 });
  expect(await faults('inject', 'kill')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/--node, --edge/),
  });
  expect(await faults('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Exit codes of `clear`/) });
});

test('faults are put on, listed and taken off in a run of another terminal', async () => {
  const { pid } = await startRun();
  const kill = await faults('inject', 'kill', '--node', 'greeter', '--for', '1m');
  expect(kill).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/effect proven: process \d+ is gone/) });
  const slow = await faults(
    'inject',
    'latency',
    '--edge',
    'callers-greeter',
    '--param',
    'latencyMs=50',
    '--engine',
    String(pid),
    '--json',
  );
  // The greeter is gone: nothing answers on the edge, and a fault without proof is told as one.
  expect(slow.exitCode).toBe(3);
  expect(await faults('inject', 'melt', '--node', 'greeter')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/There is no fault "melt"/),
  });
  const on = (await list())[0]?.faults.filter(({ state }) => state === 'on') ?? [];
  expect(on).toHaveLength(2);

  const one = on.find(({ id }) => id.startsWith('kill')) as { id: string };
  expect(await faults('clear', one.id)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/removal proven/) });
  const all = await faults('clear');
  expect(all.stdout).toMatch(/Took off 1 fault/);
  expect(await faults('clear', '--all')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/Nothing was on/),
  });
  run?.interrupt('SIGINT');
  await run?.ended;
  expect(await readdir(join(directory, 'engines'))).toEqual([]);
}, 90_000);

test.each([
  [['--at', '2s', '--every', '5s'], /Name one of --at, --every or --random/],
  [['--every', '5s'], /Add --on-for/],
  [['--random', '5s'], /Add --on-for/],
  [['--on-for', '1s'], /Name --every or --random too/],
  [['--at', '2s', '--on-for', '1s'], /Name --every or --random too/],
  [['--at', 'soon'], /a number with a unit/],
  [['--ramp', '1'], /a number with a unit/],
  [['--probability', '0'], /above 0, up to 1/],
  [['--select', '0%'], /"one", "all", a number from 1, or a share/],
])('the schedule %j is refused', async (options, message) => {
  const refused = await faults('inject', 'latency', '--edge', 'a', ...options);
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('what is said of schedule, ramp, probability, seed and selection is what the engine does', async () => {
  await startRun();
  const edge = ['--edge', 'callers-greeter'];
  const inject = async (fault: string, ...options: string[]) =>
    JSON.parse((await faults('inject', fault, '--json', ...options)).stdout);
  const slow = [...edge, '--param', 'latencyMs=20', '--param', 'jitterMs=0'];
  expect(await inject('latency', ...slow, '--at', '300ms', '--probability', '0.5', '--seed', '7')).toMatchObject({
    ...{ state: 'on', active: true, activations: 1, seed: 7 },
    course: { probability: 0.5, schedule: { type: 'at', afterMs: 300 } },
  });
  await faults('clear');
  expect(await inject('latency', ...slow, '--every', '2s', '--on-for', '1s')).toMatchObject({
    course: { probability: 1, schedule: { type: 'every', periodMs: 2000, onMs: 1000 } },
    proofOfEffect: { holds: true },
  });
  expect((await faults('list')).stdout).toMatch(
    /: on, (acts now|acts next in .*) \(\d+ turns? so far\), comes off in /,
  );
  await faults('clear');
  expect(await inject('latency', ...slow, '--random', '200ms', '--on-for', '1s')).toMatchObject({
    course: { schedule: { type: 'random', meanGapMs: 200, onMs: 1000 } },
    proofOfEffect: { holds: true },
  });
  await faults('clear');
  const ramped = await inject('latency', ...slow, '--ramp', '1s');
  expect(ramped).toMatchObject({ course: { rampMs: 1000 }, proofOfEffect: { holds: true } });
  expect(ramped.proofOfEffect.atMs - ramped.startedAtMs).toBeGreaterThan(900);
  await faults('clear');
  expect(await inject('pause', '--node', 'greeter', '--select', '1')).toMatchObject({
    target: { node: 'greeter', select: { fixed: 1 } },
    members: [{ node: 'greeter', replica: 0 }],
  });
  expect(await faults('inject', 'kill', '--node', 'greeter', '--ramp', '1s')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/rampMs/),
  });
}, 90_000);

test.skipIf(process.platform === 'win32')(
  'a command line that is killed right after it put a fault on leaves the fault to its lease',
  async () => {
    await startRun();
    const injecting = startCli(['faults', 'inject', 'pause', '--node', 'greeter', '--for', '3s'], {
      ARCHIPEL_DATA: directory,
    });
    const isOn = async (state: string): Promise<boolean> =>
      (await list())[0]?.faults.some((fault) => fault.id.startsWith('pause') && fault.state === state) ?? false;
    await expect.poll(() => isOn('on'), { timeout: 15_000 }).toBe(true);
    if (injecting.leftSomething()) injecting.interrupt('SIGKILL');
    await injecting.ended;
    await expect.poll(() => isOn('off'), { timeout: 15_000 }).toBe(true);
    const ended = (await list())[0]?.faults.find(({ id }) => id.startsWith('pause'));
    expect(ended).toMatchObject({ endedBy: 'lease', proofOfRemoval: { holds: true } });
  },
  90_000,
);

test.skipIf(process.platform === 'win32')(
  'a killed engine leaves no paused process, no link, and nothing to clear',
  async () => {
    const { pid } = await startRun();
    const paused = await faults('inject', 'pause', '--node', 'greeter', '--for', '5m');
    const greeter = Number(/process (\d+)/.exec(paused.stdout)?.[1]);
    expect(exists(greeter)).toBe(true);
    await faults('inject', 'latency', '--edge', 'callers-greeter', '--for', '5m');
    process.kill(pid, 'SIGKILL');
    await run?.ended;
    await expect.poll(() => run?.leftSomething(), { timeout: 15_000 }).toBe(false);
    expect(exists(pid)).toBe(false);
    await expect.poll(() => exists(greeter), { timeout: 15_000 }).toBe(false);
    expect(await faults('clear')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/Nothing was on/) });
    expect(await readdir(join(directory, 'engines'))).toEqual([]);
  },
  90_000,
);
