import type { WiredEdge } from '../process-kit/protocol.ts';
import { SHADOW_HEADER } from '../process-kit/shadow.ts';
import { type HttpConnection, openConnection } from './http-connection.ts';
import { type RequestObserver, type TrafficRequest, withHeaderLines } from './request.ts';

/** Sends copies of a client's requests to the shadows of its target. Nobody hears what becomes of them. */
export interface ShadowConnections {
  copy(request: TrafficRequest, bytes: Buffer): void;
  rewire(edge: WiredEdge): void;
  close(): void;
}

const HEADER_LINE = `${SHADOW_HEADER}: 1\r\n`;

const nobody: RequestObserver = {
  queued() {},
  dequeued() {},
  sent() {},
  ok() {},
  failed() {},
  dropped() {},
};

/** A copy that finds every connection busy is left out: a slow shadow must not make its client slow. */
export function createShadowConnections(initial: WiredEdge): ShadowConnections {
  let edge = initial;
  let turn = 0;
  const all = new Map<HttpConnection, number>();
  let idle: HttpConnection[] = [];

  const forget = (connection: HttpConnection): void => {
    all.delete(connection);
    idle = idle.filter((other) => other !== connection);
  };

  const open = (port: number): HttpConnection => {
    const connection = openConnection(port, edge, {
      answered(answered, _request, _answer, ends) {
        if (ends || !edge.shadowPorts?.includes(port)) {
          forget(answered);
          if (!ends) answered.destroy();
        } else idle.push(answered);
      },
      broken: forget,
    });
    all.set(connection, port);
    return connection;
  };

  return {
    copy({ intendedMs }, bytes) {
      const ports = edge.shadowPorts ?? [];
      const port = ports[turn++ % ports.length];
      if (port === undefined) return;
      const free = idle.find((connection) => all.get(connection) === port);
      const ofPort = [...all.values()].filter((other) => other === port).length;
      if (!free && ofPort >= edge.config.maxConnections) return;
      if (free) idle = idle.filter((connection) => connection !== free);
      const copy: TrafficRequest = { bytes, intendedMs, deadlineMs: 0, observer: nobody };
      (free ?? open(port)).send(copy, withHeaderLines(bytes, HEADER_LINE));
    },
    rewire(next) {
      edge = next;
      for (const [connection, port] of [...all])
        if (!next.shadowPorts?.includes(port)) {
          connection.destroy();
          forget(connection);
        }
    },
    close() {
      for (const connection of [...all.keys()]) connection.destroy();
      all.clear();
      idle = [];
    },
  };
}
