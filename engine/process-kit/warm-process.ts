import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoadProgram, WarmMessage } from './protocol.ts';

/**
 * An idle process that becomes a program when it is told which, by its name. From then on it is the same as one that was started
 * for it: the program takes its messages, beginning with `start`. Whatever programs share is loaded by then, and has run once.
 */
export function waitForProgram(programs: Readonly<Record<string, () => unknown>>): void {
  const onDisconnect = (): void => process.exit(0);
  process.on('disconnect', onDisconnect);
  // An interrupt at the terminal reaches the whole group; the host then stops its processes in order.
  process.on('SIGINT', () => {});
  process.once('message', ({ program }: LoadProgram) => programs[program]?.());
  void rehearse().then(() => process.send?.({ type: 'warm' } satisfies WarmMessage));
}

/** Serves one request to itself: Node compiles its own code when it first runs, and nobody should wait for that later. */
function rehearse(): Promise<void> {
  return new Promise((resolve) => {
    const server = createServer((_, response) => response.end('ok'));
    const done = (): void => {
      server.closeAllConnections();
      server.close(() => resolve());
    };
    server.on('error', () => resolve());
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      get({ host: '127.0.0.1', port, agent: false }, (response) => response.resume().on('end', done)).on('error', done);
    });
  });
}
