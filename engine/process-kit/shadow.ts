import { type Agent, request } from 'node:http';
import { Writable } from 'node:stream';
import type { HttpRequest } from './http-attempt.ts';
import type { WiredEdge } from './protocol.ts';

/** Tells a replica, and the user's code in it, that a request is a copy whose answer goes to nobody. */
export const SHADOW_HEADER = 'x-archipel-shadow';

/** A body that does not fit is not copied further, rather than slow down the request that it belongs to. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Copies requests along an edge to the shadows of its target. Whatever becomes of a copy, nobody hears of it. */
export interface Shadow {
  copy(edge: WiredEdge, wanted: HttpRequest): void;
}

export function createShadow(agentFor: (port: number) => Agent): Shadow {
  let turn = 0;
  return {
    copy({ shadowPorts = [], config }, { method, path, headers, body, write }) {
      const port = shadowPorts[turn++ % shadowPorts.length];
      if (port === undefined) return;
      const outgoing = request({
        ...{ host: '127.0.0.1', port, method, path, agent: agentFor(port) },
        headers: { ...headers, [SHADOW_HEADER]: '1' },
        timeout: config.timeoutMs,
      });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => {});
      outgoing.on('response', (response) => response.on('error', () => {}).resume());
      if (!write) {
        outgoing.end(body);
        return;
      }
      let bytes = 0;
      write(
        new Writable({
          write(chunk: Buffer, _encoding, done) {
            bytes += chunk.length;
            if (bytes > MAX_BODY_BYTES) outgoing.destroy();
            else outgoing.write(chunk);
            done();
          },
          final(done) {
            if (!outgoing.destroyed) outgoing.end();
            done();
          },
        }),
      );
    },
  };
}
