import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conclusive, type Ended, hello, helloWithExperiment, startCli } from './cli.fixture.ts';

let directory: string;
let data: string;
let file: string;
const cli = (...args: string[]): Promise<Ended> => startCli(args, { ARCHIPEL_DATA: data }).ended;
const at = (name: string): string => join(directory, name);
const records = (): Promise<string[]> => readdir(join(data, 'runs')).then((names) => names.sort());

/** Three records: an experiment that passed, and two runs. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-reports-'));
  data = at('data');
  file = at('hello.archipel.json');
  await writeFile(at('kill.archipel.json'), JSON.stringify(helloWithExperiment(100, 0)));
  await writeFile(file, JSON.stringify(hello));
  const experiment = await conclusive(async () => {
    await rm(data, { recursive: true, force: true });
    return cli(
      ...['experiment', at('kill.archipel.json'), '--seed', '5'],
      ...['--report', at('kill.html'), '--junit', at('kill.xml')],
    );
  });
  expect(experiment.exitCode, experiment.stderr).toBe(0);
  for (const [seed, report] of [
    ['1', 'a.md'],
    ['2', 'b.png'],
  ] as const) {
    const run = await cli('run', file, '--duration', '1500ms', '--seed', seed, '--report', at(report));
    expect(run.exitCode, run.stderr).toBe(0);
  }
}, 120_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

test('an experiment writes its page, with the series of its record', async () => {
  const html = await readFile(at('kill.html'), 'utf8');
  for (const told of [
    'Kill the greeter',
    'verdict-passed',
    'Proof of its effect',
    'aria-label="Throughput: sent between',
    'experiment hello.archipel.json --name kill --seed 5',
  ])
    expect(html).toContain(told);
  expect(html).toContain((await records())[0]);
});

test('an experiment writes JUnit for continuous integration', async () => {
  const xml = new DOMParser({ onError: onWarningStopParsing }).parseFromString(
    await readFile(at('kill.xml'), 'utf8'),
    'text/xml',
  );
  const suite = xml.getElementsByTagName('testsuite')[0];
  expect(suite?.getAttribute('failures')).toBe('0');
  expect(suite?.getAttribute('errors')).toBe('0');
  expect(Number(suite?.getAttribute('tests'))).toBe(xml.getElementsByTagName('testcase').length);
  expect(xml.getElementsByTagName('testcase').length).toBeGreaterThan(5);
});

test('the ending of --report says what is written', async () => {
  expect(await readFile(at('a.md'), 'utf8')).toMatch(
    /^# Hello: calm\n[\s\S]*\| `GET \/hello` \|[\s\S]*--duration 1500ms --seed 1\n/,
  );
  expect((await readFile(at('b.png'))).subarray(1, 4).toString()).toBe('PNG');
});

test('a report is made of any record: the last one, one by its id, and a folder that was moved', async () => {
  const [experiment, , newest] = await records();
  const last = await cli('report', 'last', '--format', 'json', '--out', '-');
  expect(JSON.parse(last.stdout).result).toMatchObject({ record: newest, seed: 2 });
  expect(JSON.parse(last.stdout).series.length).toBeGreaterThan(0);
  expect(JSON.parse(last.stdout).log).toContainEqual(expect.objectContaining({ stream: 'engine', nodeId: 'greeter' }));
  const log = await cli('runs', 'log', experiment as string, '--node', 'greeter', '--search', 'READY');
  expect(log.stdout).toMatch(/greeter#0 engine: ready after \d+ ms/);
  expect(log.stdout).not.toMatch(/ended/);

  expect((await cli('report', experiment as string, '--out', at('again.html'))).exitCode).toBe(0);
  expect(await readFile(at('again.html'), 'utf8')).toContain('verdict-passed');

  await cp(join(data, 'runs', experiment as string), at('baseline'), { recursive: true });
  const moved = await cli('report', at('baseline'), '--format', 'junit', '--out', '-');
  expect([moved.exitCode, moved.stdout]).toEqual([0, expect.stringMatching(/^<\?xml[\s\S]*value="baseline"/)]);
});

test('two runs are put side by side in the terminal, as JSON and as a page', async () => {
  const [, a, b] = (await records()) as [string, string, string];
  const { exitCode, stdout } = await cli('diff', a, b, '--html', at('diff.html'), '--json', at('diff.json'));
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/The seeds differ: 1 and 2[\s\S]*success ratio/)]);
  expect(JSON.parse(await readFile(at('diff.json'), 'utf8'))).toMatchObject({ a: { id: a }, b: { id: b } });
  const html = await readFile(at('diff.html'), 'utf8');
  for (const told of [a, b, 'The seeds differ', '95 % interval', 'GET /hello', 'class="range"'])
    expect(html).toContain(told);
});

test.each<[string, (id: string) => string[], RegExp]>([
  ['a run that is not there', () => ['report', '2020-01-01T00-00-00-abcdef'], /no record[\s\S]*archipel runs/],
  ['a folder that is no record', () => ['diff', 'last', tmpdir()], /no record of a run/],
  ['an unknown format', () => ['report', 'last', '--format', 'pdf'], /Allowed choices are html, md/],
  ['an ending that says nothing', () => ['run', file, '--report', at('out.doc')], /End it with \.html/],
  ['a place that is none', () => ['experiment', file, '--junit', at('no/out.xml')], /no experiment|does not exist/],
  ['a directory as file', (id) => ['report', id, '--out', directory], /it is a directory/],
])('%s ends with 2 before anything starts', async (_, args, message) => {
  const before = await records();
  const { exitCode, stderr } = await cli(...args(before[0] as string));
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(await records()).toEqual(before);
});
