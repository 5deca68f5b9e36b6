// A small program of ours, as a process: answers its health check, and does nothing else.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runProcess } from '../process-kit/run-process.ts';

runProcess<{ port: number }>(({ config }) => {
  const server = createServer((_request, response) => response.end('ok'));
  return {
    listen: () =>
      new Promise((resolve) =>
        server.listen(config.port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
      ),
    configure() {},
    wire() {},
    drain: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    measure: () => ({ requests: 0, errors: 0, inFlight: 0, latency: [] }),
  };
});
