import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conclusive, hello, helloWithExperiment, INCONCLUSIVE, MOST_RUNS, runCli, startCli } from './cli.fixture.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-cli-'));
  file = join(directory, 'hello.archipel.json');
  await writeFile(file, JSON.stringify(hello));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('usage', () => {
  it.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: archipel/],
    ['an unknown command', ['fly'], /unknown command 'fly'/],
    ['an unknown option', ['validate', 'x', '--loud'], /unknown option '--loud'/],
    ['a missing file', ['run'], /missing required argument 'file'/],
    ['a duration without a unit', ['run', 'x', '--duration', '20'], /number with a unit/],
    ['a duration that is too long', ['run', 'x', '--duration', '25h'], /between 100ms and 24h/],
    ['a seed that is no whole number', ['run', 'x', '--seed', '1.5'], /whole number from 0 to 4294967295/],
    ['a port that is none', ['web', '--port', '70000'], /whole number from 0 to 65535/],
  ])('ends with 2 on %s', async (_, args, message) => {
    const { exitCode, stderr } = await runCli(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('ends with 0 when help or the version is asked for', async () => {
    const [help, version] = await Promise.all([runCli('--help'), runCli('--version')]);
    expect([help.exitCode, help.stdout]).toEqual([0, expect.stringMatching(/experiment \[options\] <file\.\.\.>/)]);
    expect([version.exitCode, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});

describe('validate', () => {
  it('ends with 0 for a valid document', async () => {
    expect(await runCli('validate', file)).toEqual({
      exitCode: 0,
      stdout: 'valid Hello: 2 nodes, 1 edge, 1 scenario, 0 experiments\n',
      stderr: '',
    });
  });

  it('names every problem with its path and a next step, and ends with 2', async () => {
    const broken = structuredClone(hello) as { nodes: object[]; edges: object[] };
    Object.assign(broken.nodes[1] as object, { kind: 'servise', colour: 'red' });
    broken.edges.push({ id: 'stray', source: 'greeter', target: 'ghost' });
    await writeFile(file, JSON.stringify(broken));
    const { exitCode, stderr } = await runCli('validate', file);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\$\.nodes\[1\]\.kind unknown kind "servise"\n\s+→ Did you mean "service"\?/);
    expect(stderr).toMatch(/\$\.nodes\[1\]\.colour unknown field "colour"/);
    expect(stderr).toMatch(/\$\.edges\[1\]\.target the edge dangles/);
  });

  it.each(['run', 'experiment', 'validate', 'web', 'open'])(
    'a truncated file ends "%s" with 2, and is left as it is',
    async (command) => {
      const truncated = JSON.stringify(hello).slice(0, 150);
      await writeFile(file, truncated);
      const { exitCode, stderr } = await runCli(command, file);
      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/line 1, column \d+: the file ends where/)]);
      expect(await readFile(file, 'utf8')).toBe(truncated);
    },
  );

  it('what is not in the document ends with 2 before anything starts', async () => {
    const [scenario, experiment, json] = await Promise.all([
      runCli('run', file, '--scenario', 'storm'),
      runCli('experiment', file),
      runCli('run', file, '--json', join(directory, 'no', 'out.json')),
    ]);
    expect([scenario.exitCode, scenario.stderr]).toEqual([
      2,
      expect.stringMatching(/no scenario "storm"\n\s+→ It has: "calm"/),
    ]);
    expect([experiment.exitCode, experiment.stderr]).toEqual([2, expect.stringMatching(/no experiment/)]);
    expect([json.exitCode, json.stderr]).toEqual([2, expect.stringMatching(/its directory does not exist/)]);
  });
});

describe('run', () => {
  it('measures the traffic, prints it, and writes it as JSON', async () => {
    const out = join(directory, 'out.json');
    const { exitCode, stdout, stderr } = await runCli(
      'run',
      file,
      '--duration',
      '1500ms',
      '--seed',
      '7',
      '--json',
      out,
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const result = JSON.parse(await readFile(out, 'utf8'));
    expect(result).toMatchObject({ document: 'Hello', scenario: 'calm', seed: 7, conservation: { holds: true } });
    expect(result.traffic.ok).toBe(result.routes['GET /hello'].issued);
    expect(result.traffic.reasons).toEqual({ 'no-route': result.routes['GET /nowhere'].issued });
    expect(result.traffic.issued).toBe(result.traffic.ok + result.traffic.failed);
    expect(result.traffic.issued).toBeGreaterThan(30);
    expect(Object.keys(result.latencyMs)).toEqual(
      expect.arrayContaining(['p50', 'p95', 'p99', 'p999', 'max', 'routes']),
    );
    expect(Object.keys(result.nodes.greeter)).toEqual(
      expect.arrayContaining(['cpu', 'errors', 'replicas', 'requests', 'rssBytes']),
    );
    expect(stdout).toMatch(/GET \/hello/);
    expect(stdout).toMatch(/no-route\s+greeter/);
    expect(stdout).toMatch(/issued \d+ = .*holds/);
  });

  it('keeps standard output for the JSON with --json -', async () => {
    const { exitCode, stdout, stderr } = await runCli('run', file, '--duration', '500ms', '--json', '-');
    expect([exitCode, JSON.parse(stdout).durationMs]).toEqual([0, expect.any(Number)]);
    expect(stderr).toMatch(/GET \/hello/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('on %s stops in order, says what was measured, and ends with %i', async (signal, code) => {
    const out = join(directory, 'out.json');
    const cli = startCli(['run', file, '--duration', '60s', '--json', out]);
    await cli.output(/running.*sent/);
    cli.interrupt(signal);
    const { exitCode, stdout } = await cli.ended;
    expect([exitCode, stdout]).toEqual([code, expect.stringMatching(/issued \d+ = .*holds/)]);
    expect(JSON.parse(await readFile(out, 'utf8')).conservation.holds).toBe(true);
    expect(cli.leftSomething()).toBe(false);
  });

  it('stops in order when it is interrupted before everything has started', async () => {
    const cli = startCli(['run', file]);
    await cli.output(/seed 1/);
    cli.interrupt('SIGINT');
    expect((await cli.ended).exitCode).toBe(130);
    expect(cli.leftSomething()).toBe(false);
  });

  it('ends with 1, the reason and the log when a process does not start', async () => {
    const broken = structuredClone(hello) as { nodes: object[]; edges: object[] };
    broken.nodes.push({
      id: 'db',
      kind: 'database',
      name: 'Database',
      position: { x: 600, y: 0 },
      config: { url: 'postgres://nobody@127.0.0.1:9/none' },
    });
    broken.edges.push({ id: 'greeter-db', source: 'greeter', target: 'db' });
    await writeFile(file, JSON.stringify(broken));
    const { exitCode, stderr } = await runCli('run', file);
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error .+\n(.*\n)* +→ .+/)]);
  });
});

describe('experiment', () => {
  it.each([
    ['passed', 0, 100, 0],
    ['failed', 1, 100, 0.99],
    ['inconclusive', 3, 1_000_000, 0],
  ])('that is %s ends with %i', { timeout: MOST_RUNS * 30_000 }, async (verdict, code, steadyMin, duringMin) => {
    await writeFile(file, JSON.stringify(helloWithExperiment(steadyMin, duringMin)));
    const measure = () => runCli('experiment', file, '--json', '-');
    const { exitCode, stdout, stderr } = await (code === INCONCLUSIVE ? measure() : conclusive(measure));
    expect(exitCode, stderr).toBe(code);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ verdict, experiment: { name: 'kill' }, conservation: { holds: true } });
    expect(result.reasons.length).toBeGreaterThan(0);
    expect(stderr).toContain(verdict.toUpperCase());
  });

  it('that is interrupted is aborted, undone and written down', async () => {
    await writeFile(file, JSON.stringify(helloWithExperiment(100, 0)));
    const out = join(directory, 'out.json');
    const cli = startCli(['experiment', file, '--json', out]);
    await cli.output(/kill on greeter#0 is on/);
    cli.interrupt('SIGINT');
    expect((await cli.ended).exitCode).toBe(4);
    expect(JSON.parse(await readFile(out, 'utf8')).verdict).toBe('aborted');
    expect(cli.leftSomething()).toBe(false);
  });
});

describe('web', () => {
  it('serves the interface at the URL that it prints, until it is interrupted', async () => {
    const cli = startCli(['web', file, '--no-open']);
    const [, url] = await cli.output(/at (http:\/\/127\.0\.0\.1:\d+)\/#token=\S{20,}/);
    const answer = await fetch(url as string);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/<!doctype html>/i)]);
    cli.interrupt('SIGINT');
    expect((await cli.ended).exitCode).toBe(130);
    await expect(fetch(url as string)).rejects.toThrow();
  });

  it('says when the port is in use', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    try {
      const { exitCode, stderr } = await runCli('web', '--no-open', '--port', String(port));
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(`port ${port} is in use\n\\s+→ Choose another`)]);
    } finally {
      other.close();
    }
  });
});

describe('open', () => {
  it.runIf(process.platform === 'linux')('says why there is no window, and what to use instead', async () => {
    const { exitCode, stderr } = await startCli(['open', file], { DISPLAY: '', WAYLAND_DISPLAY: '' }).ended;
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/there is no display[\s\S]*archipel web/)]);
  });
});

describe('doctor and templates', () => {
  it('looks at all that Archipel needs', async () => {
    const { exitCode, stdout } = await runCli('doctor');
    expect(exitCode).toBe(/^FAIL/m.test(stdout) ? 1 : 0);
    for (const subject of [
      'Node',
      'Machine',
      'Loopback',
      'Temporary files',
      'PostgreSQL',
      'Interface',
      'Desktop window',
    ])
      expect(stdout).toMatch(new RegExp(`^(ok|note|FAIL) +${subject} `, 'm'));
  });

  it('fails where files cannot be written', async () => {
    const missing = join(directory, 'missing');
    const { exitCode, stdout } = await startCli(['doctor'], { TMPDIR: missing, TEMP: missing, TMP: missing }).ended;
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^FAIL +Temporary files/m)]);
  });

  it('lists the documents that come along', async () => {
    const { exitCode, stdout } = await runCli('templates');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^shop-microservices[\s\S]*^shop-monolith/m)]);
  });
});
