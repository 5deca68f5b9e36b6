import { Agent, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { CallFailure, reasonOfSystemError } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';

export type Balancing = 'round-robin' | 'random' | 'least-connections';

export interface HttpCaller {
  /**
   * Sends a request along the edge and resolves with the response's head. Rejects with a `CallFailure`.
   * `write` sends the request's body and must end the request.
   */
  send(options: {
    method: string;
    path: string;
    headers?: OutgoingHttpHeaders;
    write?: (outgoing: ClientRequest) => void;
  }): Promise<IncomingMessage>;
  update(edge: WiredEdge): void;
  close(): void;
}

/** The calling side of an HTTP edge: connections that are kept alive, a choice of replica, and the edge's timeout. */
export function createHttpCaller(initial: WiredEdge, balancing: () => Balancing = () => 'round-robin'): HttpCaller {
  let edge = initial;
  let next = 0;
  const agents = new Map<number, Agent>();
  const inFlight = new Map<number, number>();

  const agentFor = (port: number): Agent => {
    let agent = agents.get(port);
    if (!agent) {
      agent = new Agent({ keepAlive: true, maxSockets: edge.config.maxConnections });
      agents.set(port, agent);
    }
    return agent;
  };

  const choose = (): number | undefined => {
    const { ports } = edge;
    switch (balancing()) {
      case 'random':
        return ports[Math.floor(Math.random() * ports.length)];
      case 'least-connections': {
        // Ties go round, or the first replica would take every request of a quiet topology.
        const start = next++;
        let best: number | undefined;
        for (let i = 0; i < ports.length; i += 1) {
          const port = ports[(start + i) % ports.length] as number;
          if (best === undefined || (inFlight.get(port) ?? 0) < (inFlight.get(best) ?? 0)) best = port;
        }
        return best;
      }
      case 'round-robin':
        return ports[next++ % ports.length];
    }
  };

  return {
    send({ method, path, headers, write }) {
      const port = choose();
      if (port === undefined)
        return Promise.reject(new CallFailure('refused', edge.id, `${edge.targetId} has no replica`));
      const { id, config } = edge;
      inFlight.set(port, (inFlight.get(port) ?? 0) + 1);
      return new Promise((resolve, reject) => {
        let timedOut = false;
        const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: agentFor(port) });
        const timer = setTimeout(() => {
          timedOut = true;
          outgoing.destroy(new Error(`no complete answer within ${config.timeoutMs} ms`));
        }, config.timeoutMs);
        const fail = (error: NodeJS.ErrnoException): void =>
          reject(new CallFailure(timedOut ? 'timeout' : reasonOfSystemError(error), id, error.message));
        outgoing.on('response', (response) => {
          // The timeout covers the body too: a late one destroys the response, which its reader sees as an error.
          response.on('error', fail);
          resolve(response);
        });
        outgoing.on('error', fail);
        outgoing.on('close', () => {
          clearTimeout(timer);
          inFlight.set(port, (inFlight.get(port) ?? 1) - 1);
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
