import { readSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Where the platform is: `host:port`, and the descriptor of a connection to it that the process was born with, if it was. */
export interface PlatformAddress {
  runtimeApi: string;
  descriptor: number | null;
}

/** Bytes to and from the platform. */
export interface Connection {
  readonly isOpen: boolean;
  /** From now on bytes come with the event loop. Without a descriptor it is open from the start. */
  open(): void;
  write(text: string): void;
  /** Waits for bytes, and the whole process with it. Only before it is open. */
  read(): Buffer;
  /** Whether it keeps the process alive, once it is open. */
  hold(isHeld: boolean): void;
}

export interface ConnectionEvents {
  onData(bytes: Buffer): void;
  /** The platform is gone; there is nobody to work for any more. */
  onLost(): never;
}

const READ_BYTES = 64 * 1024;

/** A descriptor is a file until it is opened: to load Node's sockets, to make one and to wait for its turns is a tenth of a cold start. */
export function createConnection(
  { runtimeApi, descriptor }: PlatformAddress,
  { onData, onLost }: ConnectionEvents,
): Connection {
  let socket: Socket | null = null;
  let isHeld = false;
  let unsent = '';

  const open = (): void => {
    if (socket) return;
    const { Socket, connect } = require('node:net') as typeof import('node:net');
    const [host, port] = runtimeApi.split(':') as [string, string];
    socket =
      descriptor === null ? connect({ host, port: Number(port), noDelay: true }) : new Socket({ fd: descriptor });
    socket.on('error', () => {});
    socket.on('close', onLost);
    socket.on('data', onData);
    hold(isHeld);
  };

  const hold = (held: boolean): void => {
    isHeld = held;
    if (held) socket?.ref();
    else socket?.unref();
  };

  /** Reads or writes some bytes of the file. */
  const now = (act: (file: number) => number): number => {
    let bytes = 0;
    try {
      bytes = act(descriptor as number);
    } catch {
      // As at its end.
    }
    return bytes > 0 ? bytes : onLost();
  };

  const flush = (): void => {
    const text = unsent;
    unsent = '';
    if (socket) {
      socket.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += now((file) => writeSync(file, bytes, at));
  };

  /** When all has run that promises have to say. From a callback of a timer a tick alone would come before. */
  const afterThisTurn = (): void => process.nextTick(flush);

  if (descriptor === null) open();

  return {
    get isOpen() {
      return socket !== null;
    },
    open,
    write(text) {
      // An answer and the request for the next invocation leave together: who has the answer finds the environment free.
      if (unsent === '') queueMicrotask(afterThisTurn);
      unsent += text;
    },
    read() {
      flush();
      const bytes = Buffer.allocUnsafe(READ_BYTES);
      const length = now((file) => readSync(file, bytes));
      return bytes.subarray(0, length);
    },
    hold,
  };
}
