import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { allocatePort, freePort } from './ports.ts';

const servers: Server[] = [];
const ports: number[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const port of ports.splice(0)) freePort(port);
});

async function take(): Promise<number> {
  const port = await allocatePort();
  ports.push(port);
  return port;
}

async function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

test('ports are free, different, and outside the ephemeral ranges of every operating system', async () => {
  const taken = await Promise.all(Array.from({ length: 150 }, take));
  expect(new Set(taken).size).toBe(150);
  for (const port of taken) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  }
  await Promise.all(taken.map(listen));
});

test('a port that something else took is passed over', async () => {
  const first = await take();
  await listen(first + 1);
  expect(await take()).toBe(first + 2);
});

test('another engine on the machine never gets a port of ours, even one that nothing listens on', async () => {
  const ours = await take();
  const program = `
    const { allocatePort } = await import(${JSON.stringify(new URL('./ports.ts', import.meta.url).href)});
    const got = [];
    for (let i = 0; i < 300; i += 1) got.push(await allocatePort());
    console.log(JSON.stringify(got));
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  await once(child, 'close');
  const theirs: number[] = JSON.parse(output);
  expect(theirs).toHaveLength(300);
  const block = Math.floor((ours - 20_000) / 64);
  expect(theirs.filter((port) => Math.floor((port - 20_000) / 64) === block)).toEqual([]);
});
