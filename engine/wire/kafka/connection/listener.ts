import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { serveConnection } from './connection.ts';
import type { Memory } from './memory.ts';

type Serve = Parameters<typeof serveConnection>[0];

/** A port of 127.0.0.1 on which a broker is to be reached. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number | null = null;

  constructor(options: {
    limits: Serve['limits'] & { maxConnections: number };
    memory: Memory;
    answer: Serve['answer'];
    onBytes: Serve['onBytes'];
  }) {
    const { limits, memory, answer, onBytes } = options;
    this.#server = createServer((socket) => {
      if (this.#sockets.size >= limits.maxConnections) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      serveConnection({ socket, limits, memory, answer, onBytes, onClose: () => this.#sockets.delete(socket) });
    });
  }

  /** Resolves with the port. 0: a free one. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        // Accepting may fail for want of file descriptors; those who have a connection keep it.
        this.#server.on('error', () => {});
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve(this.#port);
      });
    });
  }

  get port(): number | null {
    return this.#port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Resolves when all connections are closed and the port is free. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#port = null;
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}
