import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Router } from '../api/router.ts';
import type { ExperimentResult } from '../api/types.ts';
import { helloWithExperiment, INCONCLUSIVE, type RunningCli, startCli } from './cli.fixture.ts';

/* How experiments end that do not come to their end, or cannot begin: the exit code, what stays on, what is written down. */

let directory: string;
let data: string;
let file: string;
let out: string;
let running: RunningCli | null = null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-ends-'));
  [data, file, out] = [join(directory, 'data'), join(directory, 'hello.archipel.json'), join(directory, 'out.json')];
});
afterEach(async () => {
  if (running?.leftSomething()) running.interrupt('SIGKILL');
  await running?.ended;
  running = null;
  await rm(directory, { recursive: true, force: true });
});

type Document = ReturnType<typeof helloWithExperiment>;
type Written = Document['experiments'][number] & Record<string, unknown>;

/** Writes the experiment with changes, and starts it. */
async function start(changes: Partial<Record<string, unknown>>, args: readonly string[] = []): Promise<RunningCli> {
  const document = helloWithExperiment(100, 0);
  Object.assign(document.experiments[0] as Written, changes);
  await writeFile(file, JSON.stringify(document));
  running = startCli(['experiment', file, '--json', out, ...args], { ARCHIPEL_DATA: data });
  return running;
}

const result = async (): Promise<ExperimentResult> => JSON.parse(await readFile(out, 'utf8'));
const journalOf = ({ journal }: ExperimentResult): string[] => journal.map(({ event }) => event);

const longKill = { type: 'fault', fault: 'kill', target: { node: 'greeter' }, durationMs: 60_000 };
const waitAMinute = { type: 'wait', durationMs: 60_000 };

/** Undone, proven, and told to the last word, in the result as in the record. */
async function expectUndone(why: string | RegExp): Promise<void> {
  const aborted = await result();
  expect(aborted).toMatchObject({
    verdict: 'aborted',
    faults: [{ fault: 'kill', proofOfEffect: { holds: true }, proofOfRemoval: { holds: true }, endedBy: 'cleared' }],
  });
  expect(aborted.reasons[0]).toMatch(why);
  const journal = journalOf(aborted);
  expect(journal.slice(-3)).toEqual([
    'rollback 1: wait',
    '60000 ms are not waited for, since the experiment was stopped',
    'verdict: aborted',
  ]);
  expect(journal.join('\n')).toMatch(/effect proven[\s\S]*aborted: [\s\S]*removal proven[\s\S]*phase: rollback/);
  const events = await readFile(join(data, 'runs', String(aborted.record), 'events.ndjson'), 'utf8');
  const recorded = events.split('\n').flatMap((line) => (line.includes('"journal"') ? [JSON.parse(line).text] : []));
  expect(recorded).toEqual(journal);
  expect(running?.leftSomething()).toBe(false);
}

describe('an experiment that is stopped in mid-fault ends with 4, undone and told to the last word', () => {
  it('by an interrupt', async () => {
    const cli = await start({ method: [longKill], rollbacks: [waitAMinute] });
    await cli.output(/kill on greeter#0 is on/);
    cli.interrupt('SIGINT');
    expect((await cli.ended).exitCode).toBe(4);
    await expectUndone('It was stopped by the user.');
  });

  it('by another front door', async () => {
    const cli = await start({ method: [longKill], rollbacks: [waitAMinute] });
    await cli.output(/kill on greeter#0 is on/);
    const [name] = (await readdir(join(data, 'engines'))) as [string];
    const { url, token } = JSON.parse(await readFile(join(data, 'engines', name), 'utf8'));
    const socket = createWSClient({ url: `${url}?token=${token}`, WebSocket: WebSocket as never });
    const { experiments } = createTRPCClient<Router>({ links: [wsLink({ client: socket })] });
    expect(await experiments.stop.mutate()).toMatchObject({ verdict: 'aborted' });
    await socket.close();
    expect((await cli.ended).exitCode).toBe(4);
    await expectUndone('It was stopped by the user.');
  });
});

describe('an experiment', () => {
  it('whose rollback fails runs the others, says so, and is inconclusive', async () => {
    const answers = { measure: { type: 'http', node: 'greeter', path: '/hello' }, tolerance: { equals: 404 } };
    const cli = await start({
      rollbacks: [
        { type: 'wait-until', probe: { name: 'it is lost', ...answers }, timeoutMs: 300 },
        { type: 'scale', node: 'greeter', replicas: 1 },
      ],
    });
    expect((await cli.ended).exitCode).toBe(3);
    const inconclusive = await result();
    expect(inconclusive.reasons).toEqual([
      expect.stringMatching(/^The rollback 1 \(wait-until\) failed: .*did not hold/),
    ]);
    expect(inconclusive.rollbacks).toMatchObject([{ error: expect.any(String) }, { error: null }]);
    expect(inconclusive.faults).toMatchObject([{ proofOfRemoval: { holds: true } }]);
  });

  it('with bad input is refused with all that is wrong, and nothing is started', async () => {
    const cli = await start({
      steadyStateHypothesis: {
        title: 'All is well',
        probes: [
          { name: 'a', measure: { type: 'vibes' }, tolerance: { min: 1 } },
          { name: 'b', measure: { type: 'success-ratio' }, tolerance: { min: 2 } },
          { name: 'c', measure: { type: 'throughput' }, tolerance: { min: 5, max: 1 } },
        ],
      },
      method: [
        { type: 'fault', fault: 'kill', target: { node: 'ghost' }, durationMs: 1000 },
        { type: 'scale', node: 'phantom', replicas: 2 },
        { type: 'teleport', node: 'greeter' },
      ],
      during: [{ name: 'd', measure: { type: 'log', node: 'greeter', pattern: 'x' }, tolerance: { regex: '(' } }],
      rollbacks: [{ type: 'scale', node: 'spectre', replicas: 1 }],
    });
    const { exitCode, stderr, stdout } = await cli.ended;
    expect(exitCode).toBe(2);
    for (const told of [
      /steadyStateHypothesis\.probes\[0\]\.measure\.type/,
      /probes\[1\]\.tolerance can never hold: a ratio is 0 to 1/,
      /probes\[2\]\.tolerance.*"min" must not exceed "max"/,
      /method\[0\]\.target.*ghost/,
      /method\[1\]\.node.*phantom/,
      /method\[2\]\.type/,
      /during\[0\]\.tolerance cannot be read/,
      /rollbacks\[0\]\.node.*spectre/,
    ])
      expect(stderr).toMatch(told);
    expect(stdout).toBe('');
    await expect(readdir(data)).rejects.toThrow('ENOENT');
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });
});

describe('what cannot be written', () => {
  const expectVerdictWithoutRecord = async (why: RegExp): Promise<string> => {
    const { exitCode, stdout } = await (running as RunningCli).ended;
    const { verdict, record, faults, journal } = await result();
    // A machine that is too busy at that moment is no matter here.
    expect([
      [0, 'passed'],
      [INCONCLUSIVE, 'inconclusive'],
    ]).toContainEqual([exitCode, verdict]);
    expect(record).toBeNull();
    expect(faults).toMatchObject([{ proofOfRemoval: { holds: true } }]);
    expect(journal.at(-1)?.event).toBe(`verdict: ${verdict}`);
    // Once, and once is enough.
    expect(stdout.match(/This run has no whole record/g)).toHaveLength(1);
    expect(stdout).toMatch(why);
    expect(stdout).not.toMatch(/kept as/);
    return stdout;
  };

  it('as a record or, since its place is gone by then, as a report keeps no experiment from its verdict', async () => {
    await mkdir(data);
    await writeFile(join(data, 'runs'), 'in the way');
    const place = join(directory, 'place');
    await mkdir(place);
    const cli = await start({}, ['--report', join(place, 'report.html')]);
    await cli.output(/kill on greeter#0 is on/);
    await rm(place, { recursive: true });
    await expectVerdictWithoutRecord(/could not be written: E(NOTDIR|EXIST)/);
    expect(await readFile(join(data, 'runs'), 'utf8')).toBe('in the way');
    expect((await cli.ended).stderr.match(/^error .*report\.html cannot be written/gm)).toHaveLength(1);
  });

  it('as a record since the disk is full keeps no experiment from its verdict', async ({ skip }) => {
    await mkdir(data);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40k', 'archipel-test', data]);
    skip(mounted.status !== 0, 'a small disk is mounted by root on Linux alone');
    try {
      await start({});
      await expectVerdictWithoutRecord(/could not be written: ENOSPC/);
      // What was written is readable.
      const list = await startCli(['runs'], { ARCHIPEL_DATA: data }).ended;
      expect([list.exitCode, list.stdout]).toEqual([0, expect.stringMatching(/cut off|broken/)]);
    } finally {
      await (running as RunningCli).ended;
      spawnSync('umount', [data]);
    }
  });
});
