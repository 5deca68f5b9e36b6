import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Links, type LinksOptions, startLinks } from './links.ts';

const bundleFile = join(dirname(fileURLToPath(import.meta.url)), '../../../dist/engine/link.cjs');

export const startTestLinks = (options: Partial<LinksOptions> = {}): Promise<Links> =>
  startLinks({
    nodeBinary: process.env.ARCHIPEL_NODE ?? process.execPath,
    env: process.env as Record<string, string>,
    bundleFile,
    ...options,
  });

/** A TCP server on 127.0.0.1 that hands each connection to `serve`. */
export async function startTcpServer(serve: (socket: Socket) => void, port = 0) {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    sockets,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends back what it gets. */
export const echo = (socket: Socket): void => void socket.pipe(socket);

/** A connection through a lane. Rejects with the error of the operating system. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Resolves with the error code of a connection attempt, or `connected`. */
export async function dialOutcome(port: number): Promise<string> {
  try {
    (await dial(port)).destroy();
    return 'connected';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Resolves when the socket is closed, with the code of its error, or with `end`. */
export const outcome = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let code = 'end';
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? error.message;
    });
    socket.on('close', () => resolve(code));
    socket.resume();
  });

export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 15_000,
): Promise<void> {
  const untilMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
