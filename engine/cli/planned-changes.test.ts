import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../api/types.ts';
import { hello, runCli } from './cli.fixture.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-cli-changes-'));
  file = join(directory, 'hello.archipel.json');
  const nodes = hello.nodes.map((node) =>
    node.id === 'greeter'
      ? {
          ...node,
          config: {
            ...node.config,
            versions: [{ name: 'v1' }, { name: 'v2' }],
            deployment: { pipeline: { timeScale: 0 } },
          },
        }
      : node,
  );
  await writeFile(file, JSON.stringify({ ...hello, nodes }));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a run with changes', () => {
  it('makes each at its time, and says what came of them', async () => {
    const { exitCode, stdout } = await runCli(
      ...['run', file, '--duration', '4s', '--json', '-'],
      ...[
        '--scale',
        'greeter=2@300ms',
        '--scale',
        'greeter=1@1.2s',
        '--deploy',
        'greeter=v2@1.8s',
        '--roll-back',
        'greeter@3s',
      ],
    );
    expect(exitCode).toBe(0);
    const { scaling, deploys } = JSON.parse(stdout) as RunResult;
    expect(scaling.greeter?.events.map(({ from, to }) => [from, to])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(deploys).toMatchObject([{ version: 'v2', state: 'rolled-back', rollback: { by: 'user' } }]);
  });

  it('that fails in mid-run is told with its next step, and the run ends with 1', async () => {
    const { exitCode, stdout } = await runCli('run', file, '--duration', '1.5s', '--scale', 'greeter=65@300ms');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/cannot scale greeter to 65: .*replicas/);
  });

  it.each([
    ['a node that is not there', ['--scale', 'nobody=3@1s'], /there is no node "nobody"/],
    ['a version that is not there', ['--deploy', 'greeter=v3@1s'], /"greeter" has no version "v3"/],
    ['a time after the end', ['--scale', 'greeter=2@9s', '--duration', '2s'], /the run is over by then/],
    ['no time', ['--scale', 'greeter=2'], /such as orders=3@5s/],
    ['no version', ['--deploy', 'greeter@2s'], /such as orders=v2@8s/],
  ])('with %s is refused before anything starts', async (_, args, message) => {
    const { exitCode, stderr } = await runCli('run', file, ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
