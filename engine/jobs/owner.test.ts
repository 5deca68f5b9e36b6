import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServer } from '../wire/resp/server.ts';
import { type Owner, ownerOf, takeOwnership } from './owner.ts';

let directory: string;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-owner-'));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(directory, { recursive: true, force: true });
});

const written = async (owner: Owner): Promise<void> => writeFile(join(directory, 'owner.json'), JSON.stringify(owner));

/** Takes connections, and says nothing to anyone. */
async function startSilentServer(): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => void sockets.add(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  ends.push(stop);
  return { port: (server.address() as AddressInfo).port, stop };
}

test('an owner that lives and says nothing keeps what it owns; where its port is closed the next one takes it', async () => {
  const silent = await startSilentServer();
  const owner = { pid: process.pid, port: silent.port, password: 'of the owner' };
  await written(owner);
  expect(await Promise.all([ownerOf(directory), takeOwnership(directory)])).toEqual([owner, null]);
  await silent.stop();
  expect(await ownerOf(directory)).toBeNull();
  const taken = await takeOwnership(directory);
  expect(taken).not.toBeNull();
  expect(await ownerOf(directory)).toMatchObject({ pid: process.pid, port: 0 });
  taken?.release();
  expect(await ownerOf(directory)).toBeNull();
});

test('one whose process is gone, or whose port belongs to somebody else by now, is none', async () => {
  const server = createServer({ password: 'of somebody else' });
  ends.push(() => server.close());
  const port = await server.listen();
  await written({ pid: process.pid, port, password: 'of somebody else' });
  expect(await ownerOf(directory)).toMatchObject({ port });
  await written({ pid: process.pid, port, password: 'of the owner' });
  expect(await ownerOf(directory)).toBeNull();

  const silent = await startSilentServer();
  const noProcess = 2 ** 30;
  await written({ pid: noProcess, port: silent.port, password: 'of the owner' });
  expect(await ownerOf(directory)).toBeNull();
});
