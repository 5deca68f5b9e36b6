import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AbFindings, BatchFindings, KneeFindings, RepeatFindings, SweepResult } from '../api/types.ts';
import { hello, helloWithExperiment, type RunningCli, startCli } from './cli.fixture.ts';

/* `archipel sweep`, `ab`, `--repeat` and batches as their users see them: output, files, exit codes. What they find is tested at the engine. */

let directory: string;
let running: RunningCli | null = null;
const at = (name: string): string => join(directory, name);
const start = (...args: string[]): RunningCli => {
  // Whether the machine has time is said by the client's own lateness here.
  running = startCli(args, { ARCHIPEL_DATA: at('data'), ARCHIPEL_MAX_HOST_CPU: '1000' });
  return running;
};
const outputs = ['--json', 'out.json', '--report', 'out.html', '--junit', 'out.xml'];
const outputsHere = (): string[] => outputs.map((word) => (word.startsWith('--') ? word : at(word)));
const resultOf = async <Findings>(): Promise<SweepResult & Findings> =>
  JSON.parse(await readFile(at('out.json'), 'utf8'));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-sweeps-'));
});
afterEach(async () => {
  if (running?.leftSomething()) running.interrupt('SIGKILL');
  await running?.ended;
  running = null;
  await rm(directory, { recursive: true, force: true });
});

/** A greeter whose one slot is held for a fixed time: it answers so many in a second, and no more. */
const PER_SEC = 25;
const greeter = (valueMs = 1000 / PER_SEC, queue = 5) => {
  const steps = [{ do: 'wait', duration: { type: 'fixed', valueMs } }];
  const config = { concurrency: 1, queue: { limit: queue }, routes: [{ path: '/hello', steps }] };
  const timing = { scenario: 'calm', warmUpMs: 500, measureMs: 1500 };
  return {
    ...hello,
    nodes: hello.nodes.map((node) => (node.id === 'greeter' ? { ...node, config } : node)),
    scenarios: [
      {
        name: 'calm',
        traffic: [
          { ...hello.scenarios[0]?.traffic[0], ratePerSec: 10, arrivals: 'uniform', routes: [{ path: '/hello' }] },
        ],
      },
    ],
    sweeps: [
      {
        type: 'knee',
        name: 'how much',
        ...timing,
        startRatePerSec: 14,
        maxRatePerSec: 100,
        growth: 2,
        resolution: 0.3,
      },
      { type: 'replicas', name: 'how many', ...timing, node: 'greeter' },
    ],
  };
};
const write = async (name: string, document: object): Promise<string> => {
  await writeFile(at(name), JSON.stringify(document));
  return at(name);
};

test('a sweep of the document finds the knee that is known, and writes it as JSON, as a page and as JUnit', async () => {
  const { exitCode, stdout, stderr } = await start('sweep', await write('a.json', greeter()), ...outputsHere()).ended;
  const result = await resultOf<KneeFindings>();
  expect(stderr).toBe('');
  expect(exitCode).toBe(result.state === 'done' ? 0 : 3);
  expect(stdout).toMatch(
    /knee sweep "how much", scenario "calm"[\s\S]*\[2\/\d+\] 28 per second[\s\S]* left[\s\S]*rate +answered/,
  );
  expect(stdout).toContain(`${result.state.toUpperCase()} ${result.conclusion}`);
  expect(await readFile(at('out.html'), 'utf8')).toContain('Answered of what arrives');
  expect(await readFile(at('out.xml'), 'utf8')).toMatch(
    /<testcase classname="archipel\.how much\.steps" name="28 per second"/,
  );
  // A client that this machine let down says so, and then there is no knee to be compared.
  if (result.state !== 'done') return;
  // In so short a measurement nothing may be sure on one of its sides: then that end is open.
  expect(result.knee?.low ?? 0).toBeLessThan(PER_SEC / 0.95);
  expect(result.knee?.high ?? Number.POSITIVE_INFINITY).toBeGreaterThan(0.9 * PER_SEC);
  expect(result.knee?.value).toBeGreaterThan(0.6 * PER_SEC);
  expect(result.knee?.value).toBeLessThan(1.3 * PER_SEC);
}, 60_000);

test('a sweep that is interrupted ends with 4, with what it has measured and nothing left', async () => {
  const cli = start('sweep', await write('a.json', greeter()), ...outputsHere());
  await cli.output(/\[2\/\d+\] 28 per second.*left/);
  cli.interrupt('SIGINT');
  const { exitCode, stdout } = await cli.ended;
  expect([exitCode, stdout]).toEqual([4, expect.stringMatching(/STOPPED It was stopped by the user/)]);
  expect(await resultOf<KneeFindings>()).toMatchObject({ state: 'stopped', steps: [{ ratePerSec: 14 }] });
  expect(await readFile(at('out.html'), 'utf8')).toContain('It was stopped by the user');
  expect(await readFile(at('out.xml'), 'utf8')).toMatch(/<error message="stopped: /);
  expect(cli.leftSomething()).toBe(false);
}, 60_000);

test.each<[string, string[], RegExp]>([
  ['a sweep that is not there', ['--name', 'none'], /no sweep "none"[\s\S]*"how much", "how many"/],
  ['two sweeps at once', ['--knee', '--replicas', 'greeter'], /More than one sweep/],
  ['an edge that is not there', ['--grid', 'ghost', '--timeouts', '10,20'], /there is no edge "ghost"/],
  ['rates that fall', ['--hysteresis', '20,10'], /must rise/],
  ['a picture as report', ['--report', 'out.png'], /picture of one run/],
  ['a place that is none', ['--junit', 'no/such/out.xml'], /its directory does not exist/],
])('%s ends with 2 before anything starts', async (_, args, message) => {
  const { exitCode, stderr } = await start('sweep', await write('a.json', greeter()), ...args).ended;
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('two documents are compared in turns, with a report of the comparison', async () => {
  const [a, b] = [await write('a.json', greeter(40)), await write('b.json', { ...greeter(10), name: 'Faster' })];
  const options = ['--repeat', '2', '--warm-up', '300ms', '--measure', '1s', '--primary', 'p50'];
  const { exitCode, stdout } = await start('ab', a, b, ...options, ...outputsHere()).ended;
  const result = await resultOf<AbFindings>();
  expect(exitCode).toBe(result.state === 'done' ? 0 : 3);
  expect(result.runs.map(({ side }) => side).join('')).toBe('abbaabba');
  expect(stdout).toContain(result.conclusion);
  const html = await readFile(at('out.html'), 'utf8');
  for (const told of [
    'Hello and Faster',
    'p50 *',
    'npx archipel ab hello.archipel.json faster.archipel.json --scenario calm',
  ])
    expect(html).toContain(told);
  expect((await readFile(at('out.xml'), 'utf8')).match(/<testcase /g)).toHaveLength(9);
  if (result.state !== 'done') return;
  expect(result.conclusion).toMatch(/B better by/);
}, 90_000);

test('an experiment is repeated, with a case of JUnit for each probe of each repetition, and its statistics on the page', async () => {
  const file = await write('a.json', helloWithExperiment(100, 0));
  const { exitCode, stdout } = await start('experiment', file, '--repeat', '2', '--seed', '3', ...outputsHere()).ended;
  const { verdict, repetitions, figures, effects } = await resultOf<RepeatFindings>();
  const codes = { passed: 0, failed: 1, inconclusive: 3, aborted: 4 };
  expect(exitCode).toBe(codes[verdict as keyof typeof codes]);
  expect(repetitions).toHaveLength(2);
  const probes = repetitions.flatMap((repetition) => repetition.probes);
  const cases = (await readFile(at('out.xml'), 'utf8')).match(/<testcase /g) ?? [];
  expect(cases).toHaveLength(probes.length + repetitions.length + 1);
  const html = await readFile(at('out.html'), 'utf8');
  for (const told of ['Probes of each repetition', 'it answers all the same', '--name kill --repeat 2'])
    expect(html).toContain(told);
  expect(stdout).toMatch(/repetition +seed +verdict/);
  if (verdict !== 'passed') return;
  expect(figures.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['availability', 'time to recover', 'recovery']),
  );
  expect(effects).toMatchObject([{ name: 'many answers', to: 'after', change: { low: expect.any(Number) } }]);
  expect(html).toContain('Effects: what became of the steady state');
}, 90_000);

test('experiments of several documents are one job, which goes on after an interrupt with those that are left', async () => {
  const files = [
    await write('a.json', helloWithExperiment(100, 0)),
    await write('b.json', { ...helloWithExperiment(100, 0.99), name: 'Strict' }),
  ];
  const cut = start('experiment', ...files, '--all');
  await cut.output(/\[2\/2\] Strict: kill/);
  cut.interrupt('SIGINT');
  const first = await cut.ended;
  expect(first.exitCode).toBe(4);
  const [, id = ''] = first.stdout.match(/Go on with `archipel jobs resume (j[0-9a-f]{8})`/) ?? [];

  const { exitCode, stdout } = await start('jobs', 'resume', id, ...outputsHere()).ended;
  expect(stdout).toContain('cancelled, 1 measurement kept');
  expect(stdout).not.toContain('[1/2]');
  const { state, verdict, experiments, planned } = await resultOf<BatchFindings>();
  expect([planned, experiments.map((one) => one.document)]).toEqual([2, ['Hello', 'Strict']]);
  const verdicts = experiments.map((one) => one.verdict);
  // A machine that let it down says so.
  if (!verdicts.includes('inconclusive'))
    expect([...verdicts, verdict, state]).toEqual(['passed', 'failed', 'failed', 'done']);
  expect(exitCode).toBe({ passed: 0, failed: 1, inconclusive: 3, aborted: 4 }[verdict ?? 'aborted']);
  const html = await readFile(at('out.html'), 'utf8');
  for (const told of [
    'Batch of experiments',
    'Probes of each experiment',
    'npx archipel experiment hello.archipel.json strict.archipel.json --name kill',
  ])
    expect(html).toContain(told);
  const cases = (await readFile(at('out.xml'), 'utf8')).match(/<testcase /g) ?? [];
  expect(cases).toHaveLength(experiments.flatMap(({ probes }) => probes).length + 3);
}, 90_000);

test.each<[string, string[], RegExp]>([
  ['a batch that is repeated', ['--all', '--repeat', '2'], /--repeat goes with one experiment/],
  [
    'an experiment that no document has',
    ['--name', 'kill', '--name', 'none'],
    /there is no experiment "none"[\s\S]*"kill"/,
  ],
])('%s ends with 2 before anything starts', async (_, args, message) => {
  const file = await write('a.json', helloWithExperiment(100, 0));
  const { exitCode, stderr } = await start('experiment', file, ...args).ended;
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
});
