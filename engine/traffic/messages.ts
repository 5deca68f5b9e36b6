import { methodsWithBody, parametersIn } from '../model/request-parts.ts';
import type { TrafficRoute } from '../model/traffic-route.ts';
import { trafficHooks } from '../process-kit/traffic-hooks.ts';
import type { Draws } from './draws.ts';
import { MAX_BODY_BYTES } from './sizes.ts';

/** One request as a route asks for it, once its keys and its size are drawn. */
export interface Message {
  /** As it goes over the wire. Made when it is asked for: what waits in a queue holds no body. */
  readonly bytes: Buffer;
  readonly path: string;
  readonly bodyBytes: number;
}

export interface RouteMessages {
  draw(draws: Draws): Message;
  /** A request as somebody else recorded it. */
  exactly(path: string, bodyBytes: number): Message;
}

/** What the bodies are made of. Grows to the longest that was asked for. */
let filler = Buffer.alloc(0);

function body(bytes: number): Buffer {
  if (filler.length < bytes) filler = Buffer.alloc(Math.min(MAX_BODY_BYTES, Math.max(bytes, filler.length * 2)), 'x');
  return filler.subarray(0, bytes);
}

/** As long as a fault wants it to be. */
function changed(drawnBytes: number): number {
  let bytes = drawnBytes;
  for (const change of trafficHooks.bodyBytes) bytes = change(bytes);
  return bytes;
}

/** The requests of one route, for a server that is known by the name of its node. */
export function createRouteMessages(
  route: Pick<TrafficRoute, 'method' | 'path' | 'bodyBytes'>,
  index: number,
  host: string,
): RouteMessages {
  const { method } = route;
  const carriesBody = methodsWithBody.includes(method);

  function message(path: string, bodyBytes: number): Message {
    const length = method === 'GET' ? '' : `Content-Length: ${bodyBytes}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${length}\r\n`;
    return {
      path,
      bodyBytes,
      get bytes() {
        const start = Buffer.from(head, 'latin1');
        return bodyBytes === 0 ? start : Buffer.concat([start, body(bodyBytes)]);
      },
    };
  }

  const exactly = (path: string, bodyBytes: number): Message => message(path, carriesBody ? bodyBytes : 0);
  const isFixed = !carriesBody || route.bodyBytes.type === 'fixed';
  const fixedBytes = carriesBody && route.bodyBytes.type === 'fixed' ? route.bodyBytes.sizeBytes : 0;
  if (isFixed && parametersIn(route.path).length === 0) {
    const { bytes, path, bodyBytes } = message(route.path, fixedBytes);
    const always: Message = { bytes, path, bodyBytes };
    return {
      draw: () => (carriesBody && trafficHooks.bodyBytes.size > 0 ? message(path, changed(bodyBytes)) : always),
      exactly,
    };
  }

  const names = parametersIn(route.path);
  const segments = route.path.split('/');
  return {
    exactly,
    draw(draws) {
      const keys = draws.keys(index);
      if (trafficHooks.keys.size > 0) for (const change of trafficHooks.keys) change(keys);
      const path =
        names.length === 0
          ? route.path
          : segments
              .map((segment) => (segment.startsWith(':') ? keys[names.indexOf(segment.slice(1))] : segment))
              .join('/');
      return message(path, carriesBody ? changed(draws.bodyBytes(index)) : 0);
    },
  };
}
