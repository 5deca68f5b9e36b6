import { Writable } from 'node:stream';
import type { HttpAgent } from '../wire/http/agent.ts';
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

export function createShadow(agentFor: (port: number) => HttpAgent): Shadow {
  let turn = 0;
  return {
    copy({ shadowPorts = [], config }, { method, path, headers, body, write }) {
      const port = shadowPorts[turn++ % shadowPorts.length];
      if (port === undefined) return;
      let timer: NodeJS.Timeout | undefined;
      const breakOff = agentFor(port).send({
        ...{ method, path, body, headers: { ...headers, [SHADOW_HEADER]: '1' } },
        ...(write && {
          write: (outgoing: Writable) => write(bounded(outgoing, () => breakOff(new Error('too long')))),
        }),
        onAnswer: (answer) => void answer.resume(),
        onError() {},
        onClose: () => clearTimeout(timer),
      });
      timer = setTimeout(() => breakOff(new Error('nobody waits for it')), config.timeoutMs);
    },
  };
}

/** Passes on at most so much as a copy may have; the body that it is a copy of is never held up. */
function bounded(outgoing: Writable, tooLong: () => void): Writable {
  let bytes = 0;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) tooLong();
      else outgoing.write(chunk);
      done();
    },
    final(done) {
      if (bytes <= MAX_BODY_BYTES) outgoing.end();
      done();
    },
  });
}
