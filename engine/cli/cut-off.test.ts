import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, helloWithExperiment, type RunningCli, startCli } from './cli.fixture.ts';

/* What is left of an experiment whose engine is killed in mid-fault. */

let directory: string;
let running: RunningCli | null = null;
const cli = (...args: string[]): Promise<Ended> => startCli(args, { ARCHIPEL_DATA: directory }).ended;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-cut-off-'));
});
afterEach(async () => {
  if (running?.leftSomething()) running.interrupt('SIGKILL');
  await running?.ended;
  running = null;
  await rm(directory, { recursive: true, force: true });
});

const longFault = () => {
  const document = helloWithExperiment(100, 0);
  const [experiment] = document.experiments;
  for (const step of experiment?.method ?? []) step.durationMs = 60_000;
  return document;
};

test('an experiment whose engine is killed in mid-fault is a record that was cut off, with its journal, and has a report that says so', async () => {
  const file = join(directory, 'hello.archipel.json');
  await writeFile(file, JSON.stringify(longFault()));
  running = startCli(['experiment', file], { ARCHIPEL_DATA: directory });
  await running.output(/kill on greeter#0 is on/);
  const [id] = (await readdir(join(directory, 'runs'))) as [string];
  // The proof is told to all who ask before the experiment writes it down.
  const written = (): Promise<string> => readFile(join(directory, 'runs', id, 'events.ndjson'), 'utf8');
  await expect.poll(written).toContain('fault kill (kill-1): effect proven');
  const logged = (): Promise<string> => readFile(join(directory, 'runs', id, 'log.ndjson'), 'utf8');
  await expect.poll(logged).toContain('killed by a fault');
  // A line has two points at least, and a run may be as far as this within its first second.
  const points = async (): Promise<number> =>
    (await readFile(join(directory, 'runs', id, 'series.ndjson'), 'utf8')).split('\n').filter(Boolean).length;
  await expect.poll(points, { timeout: 15_000 }).toBeGreaterThan(2);
  process.kill(running.pid, 'SIGKILL');
  await running.ended;
  await expect.poll(() => running?.leftSomething(), { timeout: 15_000 }).toBe(false);

  const list = await cli('runs');
  expect([list.exitCode, list.stdout]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${id} +cut off +Hello: kill`, 'm')),
  ]);

  const shown = await cli('runs', 'show', id, '--json');
  const { summary, events, series, log, result } = JSON.parse(shown.stdout);
  expect(summary).toMatchObject({
    state: 'interrupted',
    manifest: { type: 'experiment', name: 'kill', endedAtMs: null },
  });
  const journal = events.flatMap(({ type, text }: Record<string, string>) => (type === 'journal' ? [text] : []));
  expect(journal).toEqual([
    'phase: starting',
    'phase: warm-up',
    'phase: steady-state',
    'the steady state holds',
    'phase: method',
    'fault kill on greeter#0: injecting',
    expect.stringMatching(/^fault kill \(kill-1\): effect proven/),
  ]);
  expect(series.length).toBeGreaterThan(0);
  expect(log.at(-1)).toMatchObject({ nodeId: 'greeter', stream: 'engine', text: 'ended: killed by a fault' });
  expect(result).toMatchObject({ verdict: 'aborted', experiment: { name: 'kill' } });
  const plain = await cli('runs', 'show', id);
  expect(plain.stdout).toMatch(/This run was cut off[\s\S]*effect proven/);

  const report = await cli('report', id, '--format', 'html', '--out', '-');
  expect(report.exitCode, report.stderr).toBe(0);
  for (const told of ['verdict-aborted', 'This run was cut off after', 'effect proven', 'Throughput: sent between'])
    expect(report.stdout).toContain(told);
  const junit = await cli('report', id, '--format', 'junit', '--out', '-');
  expect([junit.exitCode, junit.stdout]).toEqual([
    0,
    expect.stringMatching(/<error message="aborted: This run was cut off/),
  ]);
  const markdown = await cli('report', id, '--format', 'md', '--out', '-');
  expect(markdown.stdout).toMatch(/\*\*ABORTED\*\*\n\n- This run was cut off after/);
  // It is no measurement that another one could be compared with.
  expect((await cli('diff', id, id)).exitCode).not.toBe(0);
  expect((await cli('runs', 'delete', id)).exitCode).toBe(0);
}, 90_000);
