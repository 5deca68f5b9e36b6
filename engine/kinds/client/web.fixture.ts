import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

/** An HTTP server in this process. */
export async function startWeb(listener: RequestListener) {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  let connections = 0;
  let open = 0;
  let mostOpen = 0;
  server.on('connection', (socket) => {
    connections += 1;
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    socket.on('close', () => {
      open -= 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    mostOpen: () => mostOpen,
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A TCP server that does with its connections what it likes. */
export async function startTcp(serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port on which nobody listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = await startTcp(() => {});
  await server.stop();
  return server.port;
}

const program = `
const body = 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 615\\r\\nDate: ' + new Date().toUTCString() +
  '\\r\\nConnection: keep-alive\\r\\nKeep-Alive: timeout=5\\r\\n\\r\\n' + 'x'.repeat(615);
const server = require('node:net').createServer({ noDelay: true }, (socket) => {
  socket.on('data', () => socket.write(body));
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit(0));
`;

/** An HTTP server in a process of its own, that can be stopped and killed. It answers each read with an answer as a small JSON API gives it. */
export async function startWebProcess(): Promise<{ port: number; child: ChildProcess; stop(): Promise<void> }> {
  const execPath = process.env.ARCHIPEL_NODE ?? process.execPath;
  const child = fork('-e', [program], { execPath, execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
