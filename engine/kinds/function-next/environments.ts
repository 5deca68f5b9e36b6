import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type EnvironmentMessage, ROUTE_FILE, ROUTE_PATTERN } from '../../wire/next/environment-protocol.ts';
import type { RouteFile } from '../../wire/next/route-tree.ts';
import type { Host } from '../web-function/host.ts';
import { createProcessHost } from '../web-function/process-host.ts';

export interface EnvironmentContext {
  /** The project. */
  directory: string;
  memoryMb: number;
  /** Asked at each start. */
  variables(): Record<string, string>;
  onBegan(pid: number): void;
  onEnded(pid: number): void;
}

/** Node leaves a tenth of the memory to what is not the heap. */
const heapOption = (memoryMb: number): string => `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`;

/** An environment of one route handler, by a program of ours. */
export function routeEnvironment({ file, pattern }: RouteFile, bundles: string, context: EnvironmentContext): Host {
  let usage = { cpuUs: 0, residentBytes: 0 };
  return createProcessHost({
    command: () => ({
      command: process.execPath,
      args: [heapOption(context.memoryMb), join(bundles, 'next-environment.cjs')],
      cwd: context.directory,
      env: { ...context.variables(), NODE_ENV: 'production', [ROUTE_FILE]: file, [ROUTE_PATTERN]: pattern },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
    ready: (child, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('it is late')));
        child.on('message', (message: EnvironmentMessage) => {
          if (message.type === 'usage') usage = message;
          else if (message.type === 'ready') resolve(message.port);
          else reject(new Error(message.message));
        });
      }),
    usage: () => usage,
    ...{ onBegan: context.onBegan, onEnded: context.onEnded },
  });
}

/** The production server of a project, which serves all its routes. */
export function nextServer(program: string, context: EnvironmentContext): Host {
  let port = 0;
  return createProcessHost({
    async command() {
      port = await freePort();
      return {
        command: process.execPath,
        args: [heapOption(context.memoryMb), program, 'start', '-H', '127.0.0.1', '-p', String(port)],
        cwd: context.directory,
        env: { ...context.variables(), NODE_ENV: 'production', PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' },
        stdio: ['ignore', 'inherit', 'inherit'],
      };
    },
    ready: (_child: ChildProcess, signal) => accepting(port, signal),
    ...{ onBegan: context.onBegan, onEnded: context.onEnded },
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Next.js listens when it can answer. */
const TRY_MS = 20;

async function accepting(port: number, signal: AbortSignal): Promise<number> {
  while (!signal.aborted) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return port;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  throw new Error('it is late');
}
