import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hello, runCli } from './cli.fixture.ts';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-trace-'));
  file = join(directory, 'hello.archipel.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (traffic: object): Promise<void> =>
  writeFile(file, JSON.stringify({ ...hello, scenarios: [{ name: 'calm', traffic: [traffic] }] }));
const hellos = (text: string): string[] => text.split('\n').filter((line) => line.includes('"/hello"'));

test('what a run sent is written as a trace, and a replay of it sends the same', async () => {
  const routes = [{ path: '/hello' }, { path: '/nowhere' }];
  await write({ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 60, routes });
  const trace = join(directory, 'trace.ndjson');
  const first = await runCli('run', file, '--duration', '1s', '--save-trace', trace);
  expect([first.exitCode, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/\d+ arrivals of callers kept in .*trace\.ndjson/);
  expect(first.stdout).toMatch(/from the intended start p99 .*; uncorrected, from the actual one, p99 /);
  expect(first.stdout).toMatch(/requests began late by p50 .*, p99 /);
  const sent = await readFile(trace, 'utf8');
  expect(hellos(sent).length).toBeGreaterThan(10);

  // The path counts from the directory of the document, wherever the command is run.
  await write({ executor: 'replay', client: 'callers', routes, trace: { from: 'file', path: 'trace.ndjson' } });
  const again = join(directory, 'again.ndjson');
  const second = await runCli('run', file, '--save-trace', again);
  expect([second.exitCode, second.stderr]).toEqual([0, '']);
  expect(await readFile(again, 'utf8')).toBe(sent);
  // It is over with its last arrival, not with the scenario.
  const [, seconds] = / {2}([\d.]+) s, seed/.exec(second.stdout) ?? [];
  expect(Number(seconds)).toBeLessThan(15);
}, 60_000);

test('a place that cannot be written is found out before anything starts', async () => {
  await write({ executor: 'constant-arrival-rate', client: 'callers', ratePerSec: 60, routes: [{ path: '/hello' }] });
  const { exitCode, stdout, stderr } = await runCli(
    'run',
    file,
    '--save-trace',
    join(directory, 'none', 'trace.ndjson'),
  );
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/its directory does not exist[\s\S]*Choose another place for --save-trace/);
  expect(await readdir(directory)).toEqual(['hello.archipel.json']);
});
