import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReceiver } from '../traces/otlp-receiver.fixture.ts';
import { hello, runCli } from './cli.fixture.ts';

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-cli-tracing-'));
  file = join(directory, 'hello.archipel.json');
  await writeFile(file, JSON.stringify(hello));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const brief = ['--duration', '1s', '--seed', '7'];

test('run sends its spans to a receiver of OTLP, and says how many and what measuring cost', async () => {
  const receiver = await startReceiver();
  try {
    const { exitCode, stdout } = await runCli('run', file, ...brief, '--otlp', receiver.url, '--trace-ratio', '1');
    expect(exitCode).toBe(0);
    expect(receiver.problems).toEqual([]);
    const spans = receiver.spans();
    expect(stdout).toContain(`${spans.length} spans were sent to ${receiver.url}`);
    expect(stdout).toMatch(/own cost: links .*; tracing .* % of a core for \d+ spans .*; engine .* % of a core/);
    const issued = Number(/all +(\d+)/.exec(stdout)?.[1]);
    // Of each request one of its own, one of its attempt, and the service's.
    expect(spans.length).toBe(3 * issued);
    const services = new Set(spans.flatMap(({ resource }) => resource.filter(({ key }) => key === 'service.name')));
    expect(new Set([...services].map(({ value }) => (value as { stringValue: string }).stringValue))).toEqual(
      new Set(['callers', 'greeter']),
    );
  } finally {
    await receiver.stop();
  }
});

test('a receiver that is away costs nothing but its spans, and is told of once', async () => {
  const gone = await startReceiver();
  await gone.stop();
  const { exitCode, stdout } = await runCli('run', file, ...brief, '--otlp', gone.url, '--trace-ratio', '1');
  expect(exitCode).toBe(0);
  expect(stdout.match(/Spans do not reach/g)).toHaveLength(1);
  expect(stdout).toMatch(/0 spans were sent to .*, \d+ were not/);
});

test('without tracing the summary says so', async () => {
  const { exitCode, stdout } = await runCli('run', file, ...brief, '--trace-ratio', 'off');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('tracing off');
});

test.each([
  [['--otlp', 'collector:4318'], 'Give a URL'],
  [['--trace-ratio', '1.5'], 'between 0 and 1'],
  [['--trace-ratio', ''], 'between 0 and 1'],
])('refuses %j as bad input', async (options, why) => {
  const { exitCode, stderr } = await runCli('run', file, ...options);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(why)]);
});
