import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Links, startLinks } from '../engine/runtime/links/links.ts';
import { allocatePort, freePort } from '../engine/runtime/ports.ts';

const nodeBinary = process.env.ARCHIPEL_NODE ?? process.execPath;

/** Something that was started for a measurement. */
export interface Started {
  port: number;
  stop(): Promise<void>;
}

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

async function startPeer(...parameters: string[]): Promise<Started> {
  const child = fork(fileURLToPath(new URL('./link-peers.ts', import.meta.url)), parameters, { execPath: nodeBinary });
  const [port] = (await once(child, 'message')) as [number];
  return { port, stop: () => stopped(child) };
}

export const startEcho = (): Promise<Started> => startPeer('echo');
export const startPipeProxy = (upstreamPort: number): Promise<Started> =>
  startPeer('pipe', '127.0.0.1', String(upstreamPort));

/** The built link process with one lane to the upstream. */
export async function startLink(upstreamPort: number): Promise<Started & { links: Links }> {
  const links = await startLinks({
    nodeBinary,
    env: process.env as Record<string, string>,
    bundleFile: fileURLToPath(new URL('../dist/engine/link.cjs', import.meta.url)),
  });
  const port = await links.openLane('edge', 0);
  await links.setUpstream('edge', 0, { host: '127.0.0.1', port: upstreamPort });
  return { port, links, stop: () => links.stop() };
}

/** HAProxy in TCP mode on one thread, as the link has; null where it is not installed. */
export async function startHaproxy(upstreamPort: number): Promise<(Started & { version: string }) | null> {
  const command = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((directory) => join(directory, 'haproxy'))
    .find((file) => existsSync(file));
  if (!command) return null;
  const version = /version (\S+)/.exec(spawnSync(command, ['-v']).stdout.toString())?.[1] ?? 'unknown';
  const port = await allocatePort();
  const directory = await mkdtemp(join(tmpdir(), 'archipel-bench-'));
  const file = join(directory, 'haproxy.cfg');
  await writeFile(
    file,
    `global
  nbthread 1
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen link
  bind 127.0.0.1:${port}
  server upstream 127.0.0.1:${upstreamPort}
`,
  );
  const child = spawn(command, ['-db', '-q', '-f', file], { stdio: 'inherit' });
  await untilAccepting(port);
  return {
    port,
    version,
    async stop() {
      await stopped(child);
      freePort(port);
      await rm(directory, { recursive: true });
    },
  };
}

async function untilAccepting(port: number): Promise<void> {
  const deadlineMs = performance.now() + 5000;
  for (;;) {
    try {
      (await dial(port)).destroy();
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Round trips of one message at a time on one connection, in milliseconds, sorted. */
export function pingPong(socket: Socket, count: number): Promise<number[]> {
  const message = Buffer.alloc(100, 'q');
  const times: number[] = [];
  return new Promise((resolve, reject) => {
    let startMs = 0;
    const ask = (): void => {
      startMs = performance.now();
      socket.write(message);
    };
    const onData = (): void => {
      times.push(performance.now() - startMs);
      if (times.length < count) {
        ask();
        return;
      }
      socket.off('data', onData);
      socket.off('error', reject);
      resolve(times.sort((a, b) => a - b));
    };
    socket.on('data', onData);
    socket.once('error', reject);
    ask();
  });
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
