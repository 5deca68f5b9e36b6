import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ended, startCli } from './cli.fixture.ts';

/* An engine that lives, and is too busy to answer: nothing may be said of what it holds, and it stays to be found. */

let directory: string;
let busy: Server;
const sockets = new Set<Socket>();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-silent-'));
  busy = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  busy.listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const { port } = busy.address() as AddressInfo;
  const engine = { pid: process.pid, door: 'command', file: null, startedAtMs: 1, token: 'secret-token' };
  await mkdir(join(directory, 'engines'));
  await writeFile(
    join(directory, 'engines', `${process.pid}-00c0ffee.json`),
    JSON.stringify({ ...engine, url: `ws://127.0.0.1:${port}/api` }),
  );
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  if (!busy.listening) return;
  const closed = once(busy, 'close');
  busy.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

const faults = (...args: string[]): Promise<Ended> => startCli(['faults', ...args], { ARCHIPEL_DATA: directory }).ended;

test('an engine that lives but does not answer is told as one, by every command, and is not forgotten', async () => {
  const [list, json, clear, clearOne, inject] = await Promise.all([
    faults('list'),
    faults('list', '--json'),
    faults('clear'),
    faults('clear', 'kill-1'),
    faults('inject', 'kill', '--node', 'greeter'),
  ]);
  const problem = `The engine ${process.pid} runs, but did not answer in 10 s.`;
  const told = `engine ${process.pid}, a run\n  error ${problem}\n`;
  expect(list).toEqual({ exitCode: 1, stdout: told, stderr: '' });
  expect([json.exitCode, JSON.parse(json.stdout)]).toMatchObject([1, [{ pid: process.pid, faults: [], problem }]]);
  expect(json.stdout).not.toContain('secret-token');
  expect([clear, clearOne]).toEqual([list, list]);
  expect(inject).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(`^error ${problem}\n  → It may be busy`) });
  expect(await readdir(join(directory, 'engines'))).toHaveLength(1);
});

test('one at whose address there is nothing any more is forgotten', async () => {
  await stop();
  expect(await faults('list')).toEqual({ exitCode: 0, stdout: 'No engine runs.\n', stderr: '' });
  expect(await readdir(join(directory, 'engines'))).toEqual([]);
});
