import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startCli } from '../cli/cli.fixture.ts';
import { sweepSchema } from '../model/sweep.ts';
import { documentOf, edge, node, route, waitStep } from './fixtures.ts';
import type { Router } from './router.ts';
import type { GridFindings, JobStatus, SweepResult } from './types.ts';

/* Jobs as a window sees them, in the engine host that the desktop starts, which closes, dies and starts again. */

const program = fileURLToPath(new URL('../../dist/engine/host.mjs', import.meta.url));

interface Host {
  contract: TRPCClient<Router>;
  /** The window closes, and another one opens. */
  reopen(): Promise<void>;
  /** In order, as when the app is quit. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

let data: string;
let hosts: { child: ChildProcess; stop(): Promise<void> }[] = [];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'archipel-jobs-'));
});
afterEach(async () => {
  for (const { child, stop } of hosts) if (child.exitCode === null && child.signalCode === null) await stop();
  hosts = [];
  await rm(data, { recursive: true, force: true });
});

async function startHost(): Promise<Host> {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ARCHIPEL_OWNER: 'stdin', ARCHIPEL_DATA: data, ARCHIPEL_MAX_HOST_CPU: '1000' },
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  const { url, token } = JSON.parse(String(line)) as { url: string; token: string };
  const open = () => createWSClient({ url: `${url}?token=${token}`, WebSocket: WebSocket as never });
  let socket = open();
  const contractOf = () => createTRPCClient<Router>({ links: [wsLink({ client: socket })] });
  const host: Host = {
    contract: contractOf(),
    async reopen() {
      await socket.close();
      socket = open();
      host.contract = contractOf();
    },
    async stop() {
      await socket.close();
      child.stdin.write('stop\n');
      await exited;
    },
    async kill() {
      await socket.close();
      child.kill('SIGKILL');
      await exited;
    },
  };
  hosts.push({ child, stop: host.stop });
  return host;
}

const document = documentOf({
  nodes: [node('callers', 'client'), node('shop', 'service', { routes: [route('/', waitStep(5))] })],
  edges: [edge('callers', 'shop')],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 20,
          arrivals: 'uniform',
          routes: [{ path: '/' }],
        },
      ],
    },
  ],
});
const timeoutsMs = [100, 200, 300, 400, 500];
const sweep = sweepSchema.parse({
  ...{ type: 'retries-timeout', name: 'cells', scenario: 'calm', edge: 'callers-shop', timeoutsMs, attempts: [1] },
  ...{ warmUpMs: 100, measureMs: 500 },
});
const request = { type: 'sweep' as const, document, sweep };

const start = async (host: Host): Promise<string> => (await host.contract.jobs.start.mutate(request)).id as string;

async function until(host: Host, id: string, holds: (status: JobStatus) => boolean): Promise<JobStatus> {
  const endMs = Date.now() + 30_000;
  for (;;) {
    const { status } = await host.contract.jobs.get.query({ id });
    if (holds(status)) return status;
    if (Date.now() > endMs) throw new Error(`still ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
/** What was measured in each cell so far, by when it was measured. */
const windowsOf = async (host: Host): Promise<unknown[]> => {
  const last = await host.contract.sweeps.last.query();
  return ((last as unknown as GridFindings | null)?.cells ?? []).map(({ window }) => window);
};

test('a job outlives its window and the sudden death of its engine, and measures nothing twice', async () => {
  const first = await startHost();
  const id = await start(first);
  await until(first, id, ({ pointsKept }) => pointsKept >= 1);
  await first.reopen();
  const seen = await until(first, id, ({ pointsKept }) => pointsKept >= 2);
  expect(seen).toMatchObject({ state: 'running', name: 'cells', document: document.name, type: 'retries-timeout' });
  expect((await first.contract.frame.query()).jobs).toMatchObject({ running: id, waiting: 0 });
  expect(seen.progress?.stepsExpected).toBe(timeoutsMs.length);
  const measured = (await windowsOf(first)).slice(0, seen.pointsKept);
  await first.kill();

  const second = await startHost();
  // By itself: nobody asks for it.
  await expect.poll(async () => (await second.contract.frame.query()).jobs?.running, { timeout: 15_000 }).toBe(id);
  const { status, result } = await second.contract.jobs.done.query({ id });
  expect(status).toMatchObject({ state: result?.state, pointsKept: timeoutsMs.length });
  const cells = (result as unknown as GridFindings).cells;
  expect(cells.map(({ timeoutMs }) => timeoutMs)).toEqual(timeoutsMs);
  expect(cells.map(({ window }) => window).slice(0, measured.length)).toEqual(measured);
  const windows = cells.map(({ window }) => window.fromMs);
  expect(windows).toEqual([...windows].sort((a, b) => a - b));
  expect(cells.every(({ arrivals }) => arrivals > 0)).toBe(true);
  expect(result?.warnings.join()).toMatch(/It was interrupted and went on: its first \d+ measurements? /);
}, 60_000);

test('jobs wait for each other; one is cancelled in the line, one in the middle, and that goes on when it is resumed', async () => {
  const host = await startHost();
  expect(await host.contract.jobs.list.query()).toEqual([]);
  const id = await start(host);
  const next = await start(host);
  await until(host, id, ({ pointsKept }) => pointsKept >= 1);
  expect((await until(host, next, () => true)).state).toBe('waiting');
  await host.contract.jobs.cancel.mutate({ id: next });
  await host.contract.jobs.cancel.mutate({ id });
  const { status, result } = await host.contract.jobs.done.query({ id });
  expect([status.state, result?.state]).toEqual(['cancelled', 'stopped']);
  const kept = status.pointsKept;
  expect((result as unknown as GridFindings).cells).toHaveLength(kept);
  expect((await host.contract.frame.query()).topology).toBe('stopped');
  expect((await host.contract.jobs.done.query({ id: next })).status).toMatchObject({
    state: 'cancelled',
    pointsKept: 0,
  });

  // Quit in order and started again: what somebody has cancelled stays so.
  await host.stop();
  const later = await startHost();
  expect((await later.contract.jobs.list.query()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  await later.contract.jobs.resume.mutate({ id });
  const resumed = await later.contract.jobs.done.query({ id });
  expect((resumed.result as unknown as GridFindings).cells).toHaveLength(timeoutsMs.length);
  expect(resumed.result?.warnings.join()).toContain(`its first ${kept === 1 ? 'measurement' : `${kept} measurements`}`);
  await expect(later.contract.jobs.cancel.mutate({ id })).rejects.toThrow('is over');
  await later.contract.jobs.delete.mutate({ ids: [id, next] });
  expect(await later.contract.jobs.list.query()).toEqual([]);
}, 60_000);

test('what cannot run is refused at once, and jobs that another engine has open are left to it', async () => {
  const host = await startHost();
  await expect(
    host.contract.jobs.start.mutate({ ...request, sweep: { ...sweep, edge: 'nowhere' } as typeof sweep }),
  ).rejects.toThrow('nowhere');
  expect(await host.contract.jobs.list.query()).toEqual([]);
  await host.contract.jobs.start.mutate(request);
  const other = await startHost();
  await expect(other.contract.jobs.list.query()).rejects.toThrow(
    /Another engine of yours has the jobs open, process \d+/,
  );
}, 60_000);

test('what a command measured is listed after its sudden death, and another command goes on with it', async () => {
  const [file, out] = [join(data, 'shop.archipel.json'), join(data, 'out.json')];
  const env = { ARCHIPEL_DATA: data, ARCHIPEL_MAX_HOST_CPU: '1000' };
  await writeFile(file, JSON.stringify({ ...document, sweeps: [sweep] }));
  const cut = startCli(['sweep', file], env);
  await cut.output(/\[3\/5\] timeout 300 ms/);
  process.kill(cut.pid, 'SIGKILL');
  await cut.ended;
  const listed = await startCli(['jobs'], env).ended;
  const [, id = ''] = listed.stdout.match(/(j[0-9a-f]{8}) +interrupted +.*"cells" +2 of about 5/) ?? [];
  const { stdout, exitCode } = await startCli(['jobs', 'resume', id, '--json', out], env).ended;
  expect(stdout).toMatch(/interrupted, 2 measurements kept/);
  // The third cell is the first that is measured.
  expect(stdout).not.toContain('timeout 200 ms');
  const result = JSON.parse(await readFile(out, 'utf8')) as SweepResult & GridFindings;
  expect(exitCode).toBe(result.state === 'done' ? 0 : 3);
  expect(result.cells.map(({ timeoutMs }) => timeoutMs)).toEqual(timeoutsMs);
  const again = await startCli(['jobs', 'resume', id], env).ended;
  expect([again.exitCode, again.stderr]).toEqual([
    4,
    expect.stringMatching(/only one that was cancelled or interrupted/),
  ]);
}, 60_000);
