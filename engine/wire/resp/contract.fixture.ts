import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { RespError } from './errors.ts';
import { type Reply, Status } from './reply.ts';
import { createServer, type RespServerOptions } from './server.ts';

/** A server that the contract is held against. */
export interface Subject {
  port: number;
  stop(): Promise<void>;
}

export async function startOurs(options: RespServerOptions = {}): Promise<Subject> {
  const server = createServer(options);
  return { port: await server.listen(), stop: () => server.close() };
}

/** The redis-server of this machine, or null. */
export function findReal(): string | null {
  for (const directory of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const file = join(directory, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

export async function startReal(file: string, ...settings: string[]): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), 'resp-contract-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory, ...settings];
  const child = spawn(file, args, { stdio: 'ignore' });
  const gone = once(child, 'exit');
  while (!(await accepts(port))) if (child.exitCode !== null) throw new Error('redis-server has ended');
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const real = findReal();

/** What every test of the contract is run against, with why it cannot be here. */
export const subjects = [
  ['our server', () => startOurs(), null],
  [
    'redis-server',
    () => startReal(real as string),
    real === null ? 'there is no redis-server on PATH to compare with' : null,
  ],
] as const;

/** A reply as the recordings have it. */
export const written = (reply: Reply): unknown => {
  if (reply instanceof Status) return `+${reply.text}`;
  if (reply instanceof RespError) return `-${reply.message}`;
  return Array.isArray(reply) ? reply.map(written) : reply;
};

async function freePort(): Promise<number> {
  const { port, stop } = await startOurs();
  await stop();
  return port;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => setTimeout(resolve, 5, false));
  });
