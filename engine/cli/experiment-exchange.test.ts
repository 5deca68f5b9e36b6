import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hello, helloWithExperiment, runCli } from './cli.fixture.ts';

let directory: string;
const at = (name: string): string => join(directory, name);
const experimentsOf = async (name: string) => JSON.parse(await readFile(at(name), 'utf8')).experiments;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-exchange-'));
  await writeFile(at('from.archipel.json'), JSON.stringify(helloWithExperiment(100, 0)));
  await writeFile(at('into.archipel.json'), JSON.stringify(hello));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each(['archipel', 'chaostoolkit'])('an experiment goes out as %s and into another document', async (format) => {
  const file = at(format === 'archipel' ? 'kill.experiment.json' : 'kill.json');
  const out = await runCli(
    'experiment',
    'export',
    at('from.archipel.json'),
    '--name',
    'kill',
    '--format',
    format,
    '--out',
    file,
  );
  expect([out.exitCode, out.stderr]).toEqual([0, '']);
  const into = await runCli('experiment', 'import', file, '--into', at('into.archipel.json'), '--scenario', 'calm');
  expect([into.exitCode, into.stdout]).toEqual([0, expect.stringMatching(/^"kill" is in .*into\.archipel\.json\.\n$/)]);
  const [before] = await experimentsOf('from.archipel.json');
  const [after] = await experimentsOf('into.archipel.json');
  expect(after).toMatchObject({ ...before, scenario: 'calm' });
  expect((await runCli('validate', at('into.archipel.json'))).exitCode).toBe(0);
});

test('an experiment of Chaos Toolkit is taken over: what maps as ours, the rest with its reason, and not run with it', async () => {
  const http = (url: string) => ({ type: 'probe', name: url, tolerance: 200, provider: { type: 'http', url } });
  await writeFile(
    at('theirs.json'),
    JSON.stringify({
      title: 'Theirs',
      description: 'x',
      'steady-state-hypothesis': {
        title: 'up',
        probes: [http('http://greeter/hello'), http('http://api.example.com/hello')],
      },
      method: [{ type: 'action', name: 'break', provider: { type: 'process', path: 'rm' } }],
    }),
  );
  const args = ['experiment', 'import', at('theirs.json'), '--into', at('into.archipel.json')];
  const { exitCode, stdout } = await runCli(...args, '--host', 'api.example.com=edge:callers-greeter');
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(/method 1, "break": the provider process rm .* runs no code/),
  ]);
  const [taken] = await experimentsOf('into.archipel.json');
  expect(taken.steadyStateHypothesis.probes.map(({ measure }: { measure: object }) => measure)).toMatchObject([
    { type: 'http', node: 'greeter', path: '/hello' },
    { type: 'http', edge: 'callers-greeter' },
  ]);
  const run = await runCli('experiment', at('into.archipel.json'));
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringMatching(/the step "break" of another tool/)]);
});

test.each<[string, string[], RegExp]>([
  ['a file that is not there', ['import', 'none.json', '--into', 'into.archipel.json'], /none\.json/],
  ['no document to take it', ['import', 'none.json'], /required option '--into/],
  [
    'a host without a node',
    ['import', 'none.json', '--into', 'x', '--host', 'a'],
    /such as orders\.example\.com=orders/,
  ],
  ['an experiment that is not there', ['export', 'from.archipel.json', '--name', 'none'], /no experiment "none"/],
  ['a format that is none', ['export', 'from.archipel.json', '--format', 'yaml'], /no format "yaml"/],
])('%s ends with 2', async (_, args, message) => {
  const placed = args.map((word) => (/\.json$/.test(word) ? at(word) : word));
  const { exitCode, stderr } = await runCli('experiment', ...placed);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
});
