import type { ServerResponse } from 'node:http';
import type { Route, Step } from '../model/handler.ts';
import { createCallCounters } from './call-counters.ts';
import { CallFailure, failureOfResponse, failureResponse } from './call-failure.ts';
import { createHttpCaller, type HttpCaller, readToEnd } from './http-caller.ts';
import { createHttpProgram } from './http-program.ts';
import { createQueryClient, type QueryClient } from './postgres.ts';
import type { WiredEdge } from './protocol.ts';
import { createRouteFinder, pathOf } from './routes.ts';
import type { Program } from './run-process.ts';
import { burnCpuMs, sampleMs, waitMs } from './work.ts';

type Caller =
  | { protocol: 'http'; edge: WiredEdge; http: HttpCaller }
  | { protocol: 'postgres'; edge: WiredEdge; database: QueryClient };

/** A process that answers routes by running their steps in order. Services and servers are this. */
export function createHandlerProgram(start: {
  nodeId: string;
  replica: number;
  routes: readonly Route[];
  edges: WiredEdge[];
}): Program & {
  setRoutes(routes: readonly Route[]): void;
} {
  let findRoute = createRouteFinder(start.routes);
  const callers = new Map<string, Caller>();
  const calls = createCallCounters();
  const okBody = JSON.stringify({ node: start.nodeId, replica: start.replica });

  const wire = (edges: WiredEdge[]): void => {
    for (const [id, caller] of callers)
      if (!edges.some((edge) => edge.id === id && edge.protocol === caller.protocol)) {
        void close(caller);
        callers.delete(id);
      }
    for (const edge of edges) {
      const caller = callers.get(edge.id);
      if (!caller) callers.set(edge.id, open(edge));
      else {
        caller.edge = edge;
        if (caller.protocol === 'http') caller.http.update(edge);
        else caller.database.update(edge);
      }
    }
  };

  const runStep = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'wait':
        return waitMs(sampleMs(step.duration, Math.random));
      case 'cpu':
        return burnCpuMs(sampleMs(step.duration, Math.random));
      case 'query': {
        const caller = callers.get(step.edge);
        if (caller?.protocol !== 'postgres')
          throw new CallFailure('handler-error', start.nodeId, `no database edge "${step.edge}"`);
        return calls.count(step.edge, () => caller.database.query(step.sql));
      }
      case 'call': {
        const caller = callers.get(step.edge);
        if (caller?.protocol !== 'http')
          throw new CallFailure('handler-error', start.nodeId, `no HTTP edge "${step.edge}"`);
        return calls.count(step.edge, async () => {
          const response = await caller.http.send({ method: step.method, path: step.path });
          await readToEnd(response).catch((error: Error) => {
            throw error instanceof CallFailure ? error : new CallFailure('reset', step.edge, error.message);
          });
          const failure = failureOfResponse(response, caller.edge.targetId);
          if (failure) throw failure;
        });
      }
    }
  };

  const answer = async (route: Route | undefined, response: ServerResponse): Promise<void> => {
    try {
      if (!route) throw new CallFailure('no-route', start.nodeId, `${start.nodeId} has no such route`);
      for (const step of route.steps) await runStep(step);
      response.setHeader('content-type', 'application/json');
      response.end(okBody);
    } catch (error) {
      const failure =
        error instanceof CallFailure
          ? error
          : new CallFailure('handler-error', start.nodeId, error instanceof Error ? error.message : String(error));
      const { status, headers } = failureResponse(failure);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ error: failure.message }));
    }
  };

  const http = createHttpProgram((incoming, response) => {
    incoming.resume();
    void answer(findRoute(incoming.method ?? 'GET', pathOf(incoming.url ?? '/')), response);
  });

  wire(start.edges);

  return {
    listen: http.listen,
    measure: () => ({ ...http.measure(), calls: calls.read() }),
    wire,
    configure() {},
    setRoutes(routes) {
      findRoute = createRouteFinder(routes);
    },
    async drain() {
      await http.drain();
      await Promise.all([...callers.values()].map(close));
    },
  };
}

const open = (edge: WiredEdge): Caller =>
  edge.protocol === 'http'
    ? { protocol: 'http', edge, http: createHttpCaller(edge) }
    : { protocol: 'postgres', edge, database: createQueryClient(edge) };

const close = async (caller: Caller): Promise<void> => {
  if (caller.protocol === 'http') caller.http.close();
  else await caller.database.close();
};
