import { Agent, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { CallFailure, failureOfResponse, reasonOfSystemError } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

export interface HttpRequest {
  method: string;
  path: string;
  headers?: OutgoingHttpHeaders;
  /** Of the work that the request is for: each attempt becomes a child of it, and the trace goes on at the callee. */
  parent?: Span | undefined;
  /** Sends the request's body and must end the request. */
  write?: (outgoing: ClientRequest) => void;
}

/** How one attempt ended at the replica that it was sent to. */
export interface AttemptOutcome {
  /** Null when no answer came. */
  status: number | null;
  /** Null for a success. `cancelled` when the caller gave it up by itself, which says nothing about the replica. */
  failure: CallFailure | null;
  /** Until the end of the answer. */
  durationMs: number;
}

export interface HttpCallerOptions {
  /**
   * The port of the replica that gets an attempt, one of `ports`; undefined refuses it. Default: one after the other.
   * Each port that is chosen is told of once by `onOutcome`.
   */
  choose?(ports: readonly number[], request: HttpRequest): number | undefined;
  /** An attempt has ended: its answer was read to the end, or there will be none. */
  onOutcome?(port: number, outcome: AttemptOutcome): void;
}

export interface HttpCaller {
  /** Sends a request along the edge and resolves with the response's head. Rejects with a `CallFailure`. */
  send(request: HttpRequest): Promise<IncomingMessage>;
  update(edge: WiredEdge): void;
  close(): void;
}

/** The calling side of an HTTP edge: connections that are kept alive, a choice of replica, and the edge's timeout. */
export function createHttpCaller(initial: WiredEdge, options: HttpCallerOptions = {}): HttpCaller {
  const { choose = inTurn(), onOutcome } = options;
  let edge = initial;
  const agents = new Map<number, Agent>();

  const agentFor = (port: number): Agent => {
    let agent = agents.get(port);
    if (!agent) {
      agent = new Agent({ keepAlive: true, maxSockets: edge.config.maxConnections });
      agents.set(port, agent);
    }
    return agent;
  };

  return {
    send(wanted) {
      const { id, config, targetId } = edge;
      const port = choose(edge.ports, wanted);
      if (port === undefined) return Promise.reject(new CallFailure('refused', id, `${targetId} has no replica`));
      const { method, path, write } = wanted;
      const span = tracer.child(wanted.parent, 'call', edge, method, path);
      const headers = span ? span.inject(wanted.headers ?? {}) : wanted.headers;
      if (span) span.port = port;
      return new Promise((resolve, reject) => {
        const startedMs = performance.now();
        let timedOut = false;
        let answer: IncomingMessage | undefined;
        let failure: CallFailure | null = null;
        const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: agentFor(port) });
        const timer = setTimeout(() => {
          timedOut = true;
          outgoing.destroy(new Error(`no complete answer within ${config.timeoutMs} ms`));
        }, config.timeoutMs);
        const fail = (error: NodeJS.ErrnoException): void => {
          failure = new CallFailure(timedOut ? 'timeout' : reasonOfSystemError(error), id, error.message);
          reject(failure);
        };
        outgoing.on('response', (response) => {
          answer = response;
          // The timeout covers the body too: a late one destroys the response, which its reader sees as an error.
          response.on('error', fail);
          resolve(response);
        });
        outgoing.on('error', fail);
        outgoing.on('close', () => {
          clearTimeout(timer);
          if (!failure && answer) failure = failureOfResponse(answer, targetId);
          if (!failure && !answer?.complete) failure = new CallFailure('cancelled', id, 'nobody waited for the answer');
          tracer.endCall(span, failure, answer?.statusCode);
          onOutcome?.(port, { status: answer?.statusCode ?? null, failure, durationMs: performance.now() - startedMs });
        });
        if (write) write(outgoing);
        else outgoing.end();
      });
    },
    update(changed) {
      for (const [port, agent] of agents)
        if (!changed.ports.includes(port) || changed.config.maxConnections !== edge.config.maxConnections) {
          closeWhenIdle(agent);
          agents.delete(port);
        }
      edge = changed;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

/** Each replica in its turn. */
function inTurn(): NonNullable<HttpCallerOptions['choose']> {
  let next = 0;
  return (ports) => ports[next++ % ports.length];
}

/** Ends an agent's idle connections now, and each of its others once its request is answered. */
function closeWhenIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  agent.maxFreeSockets = 0;
}

/** Reads a response to its end. Rejects when it breaks off. */
export function readToEnd(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    response.on('end', resolve);
    response.on('error', reject);
    response.on('close', () => (response.complete ? resolve() : reject(new Error('the response broke off'))));
    response.resume();
  });
}
