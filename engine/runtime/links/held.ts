import type { Socket } from 'node:net';
import type { HoldLimits } from './protocol.ts';

/** Connections that wait for an upstream. What their callers send meanwhile stays in the buffers of the sockets. */
export interface Held {
  /** False when no more may wait: the connection was reset. */
  keep(caller: Socket): boolean;
  /** Hands over those that still wait, in the order in which they came, as long as there is room. */
  release(serve: (caller: Socket) => void, hasRoom?: () => boolean): void;
  /** Resets all that still wait. */
  reset(): void;
}

/** `limits` are read for each connection. */
export function createHeld(limits: () => HoldLimits): Held {
  const waiting = new Map<Socket, { timer: NodeJS.Timeout; forget(): void }>();

  const take = (caller: Socket): void => {
    const entry = waiting.get(caller);
    if (!entry) return;
    clearTimeout(entry.timer);
    caller.off('close', entry.forget);
    caller.off('error', ignore);
    waiting.delete(caller);
  };

  return {
    keep(caller) {
      const { maxWaitMs, maxWaiting } = limits();
      if (waiting.size >= maxWaiting) {
        caller.resetAndDestroy();
        return false;
      }
      const forget = (): void => take(caller);
      caller.on('close', forget);
      caller.on('error', ignore);
      const timer = setTimeout(() => {
        take(caller);
        caller.resetAndDestroy();
      }, maxWaitMs);
      waiting.set(caller, { timer, forget });
      return true;
    },
    release(serve, hasRoom = () => true) {
      for (const caller of [...waiting.keys()]) {
        if (!hasRoom()) return;
        take(caller);
        serve(caller);
      }
    },
    reset() {
      for (const caller of [...waiting.keys()]) {
        take(caller);
        caller.resetAndDestroy();
      }
    },
  };
}

/** A caller that gave up while it waited; its 'close' follows. */
const ignore = (): void => {};
