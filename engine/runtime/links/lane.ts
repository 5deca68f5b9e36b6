import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Edge } from './edge.ts';
import { createHeld } from './held.ts';
import { type Connection, createPipe } from './pipe.ts';
import type { HoldLimits, Upstream } from './protocol.ts';

/** The way of an edge to one replica of its target: a listener on a port of its own. */
export interface Lane {
  /**
   * Null: the replica is down, and callers are refused by the operating system, or held if the lane holds them. Open
   * connections end as their own peer ends them.
   */
  setUpstream(upstream: Upstream | null): Promise<void>;
  /** With limits, connections wait while there is no upstream. Without, those that wait are reset. */
  hold(limits: HoldLimits | null): Promise<void>;
  /** Resolves when no connection is open, or when the time is over. */
  untilUnused(withinMs: number): Promise<void>;
  /** Stops listening and resets what is open. */
  close(): void;
}

/** For how long a port that something else took is tried again. */
const LISTEN_DEADLINE_MS = 2000;
const LISTEN_RETRY_MS = 50;

/** Of connections that a fault keeps waiting: as long as it is on, and as many as an operating system would queue. */
const QUEUE_LIMITS: HoldLimits = { maxWaitMs: 2 ** 31 - 1, maxWaiting: 1024 };

/** `onWanted`: a connection waits for an upstream. */
export function createLane(port: number, edge: Edge, onWanted: () => void = () => {}): Lane {
  let upstream: Upstream | null = null;
  let limits: HoldLimits | null = null;
  const held = createHeld(() => limits ?? { maxWaitMs: 0, maxWaiting: 0 });
  let server: Server | null = null;
  let closed = false;
  /** One change at a time. */
  let change: Promise<void> = Promise.resolve();
  const open = new Set<Connection>();
  const onUnused = new Set<() => void>();
  /** Connections that a fault keeps waiting. */
  const queue = createHeld(() => QUEUE_LIMITS);
  /** Connections to nobody, of which a fault lets nobody learn. */
  const unanswered = createHeld(() => QUEUE_LIMITS);

  const serve = (caller: Socket): void => {
    const admission = edge.admit();
    if (admission === 'reset') return void caller.resetAndDestroy();
    if (admission === 'wait') return void queue.keep(caller);
    if (!upstream) {
      if (!limits && edge.isSilent()) return void unanswered.keep(caller);
      if (held.keep(caller)) onWanted();
      return;
    }
    const callee = connect({ ...upstream, noDelay: true, allowHalfOpen: true });
    const { counters } = edge;
    const pipes = [
      createPipe('upstream', caller, callee, (bytes) => {
        counters.upstreamBytes += bytes;
      }),
      createPipe('downstream', callee, caller, (bytes) => {
        counters.downstreamBytes += bytes;
      }),
    ];
    const connection: Connection = {
      pipes,
      reset() {
        caller.resetAndDestroy();
        callee.resetAndDestroy();
      },
    };
    open.add(connection);
    counters.connections += 1;
    let openSockets = 2;
    const onClose = (): void => {
      openSockets -= 1;
      if (openSockets > 0) return;
      open.delete(connection);
      counters.connections -= 1;
      edge.remove(connection);
      if (open.size === 0) for (const tell of onUnused) tell();
    };
    caller.on('close', onClose);
    callee.on('close', onClose);
    edge.add(connection);
  };

  const stopListening = (): void => {
    // The port is closed when this returns; only open connections keep the server object alive.
    server?.close();
    server = null;
  };

  const startListening = async (): Promise<void> => {
    const deadlineMs = performance.now() + LISTEN_DEADLINE_MS;
    for (;;) {
      try {
        server = await listen(port, serve);
        return;
      } catch (error) {
        if (performance.now() > deadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, LISTEN_RETRY_MS));
      }
    }
  };

  const inTurn = (set: () => void): Promise<void> => {
    const changed = change.then(async () => {
      if (closed) return;
      set();
      if (edge.isShut() || (!upstream && !limits && !edge.isSilent())) stopListening();
      else if (!server) await startListening();
      if (closed) stopListening();
    });
    change = changed.catch(() => {});
    return changed;
  };

  const stopHearing = edge.onDoorChange(() => {
    const changed = inTurn(() => {
      queue.release(serve, () => edge.admit() === 'serve');
      if (!edge.isSilent()) unanswered.reset();
    });
    // A fault must come off, however long something else keeps the port.
    changed.catch(() => setTimeout(() => inTurn(() => {}).catch((error) => console.error(error)), LISTEN_DEADLINE_MS));
    return changed;
  });

  return {
    setUpstream: (next) =>
      inTurn(() => {
        upstream = next;
        if (next) held.release(serve);
      }),
    hold: (next) =>
      inTurn(() => {
        limits = next;
        if (!next) held.reset();
      }),
    untilUnused: (withinMs) =>
      new Promise((resolve) => {
        if (open.size === 0) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          onUnused.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        onUnused.add(done);
      }),
    close() {
      closed = true;
      upstream = null;
      stopHearing();
      stopListening();
      held.reset();
      queue.reset();
      unanswered.reset();
      for (const connection of open) connection.reset();
    },
  };
}

function listen(port: number, serve: (caller: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, serve);
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: 1024 }, () => {
      server.off('error', reject);
      // E.g. no more file descriptors: that connection is lost, the others go on.
      server.on('error', (error) => console.error(`port ${port}: ${error.message}`));
      resolve(server);
    });
  });
}
