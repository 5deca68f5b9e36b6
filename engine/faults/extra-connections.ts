import { connect, type Socket } from 'node:net';
import type { TrafficHooks } from '../process-kit/traffic-hooks.ts';

/** Connections that belong to a fault and not to the traffic: no request of the traffic goes along them. */
export interface ExtraConnections {
  /** A further connection to an HTTP edge of the client, its targets in turn; null where it has none. */
  open(edgeId?: string): Socket | null;
  count(): number;
  /** Resolves when all are gone. */
  close(): Promise<void>;
}

export function createExtraConnections(traffic: Pick<TrafficHooks, 'edges'>): ExtraConnections {
  const sockets = new Set<Socket>();
  let turn = 0;
  let closed = false;
  return {
    open(edgeId) {
      const ports = traffic
        .edges()
        .filter(({ id, protocol }) => protocol === 'http' && (edgeId === undefined || id === edgeId))
        .flatMap((edge) => edge.ports);
      const port = ports[turn++ % ports.length];
      if (port === undefined || closed) return null;
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // What ends a connection is seen at its close.
      socket.on('error', () => {});
      return socket;
    },
    count: () => sockets.size,
    async close() {
      closed = true;
      await Promise.all(
        [...sockets].map(
          (socket) =>
            new Promise<void>((resolve) => {
              socket.once('close', () => resolve());
              socket.destroy();
            }),
        ),
      );
    },
  };
}
