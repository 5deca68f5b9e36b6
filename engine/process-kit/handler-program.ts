import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../model/handler.ts';
import { createCallCounters } from './call-counters.ts';
import { CallFailure, failureResponse } from './call-failure.ts';
import { createCallers } from './callers.ts';
import { createHttpProgram } from './http-program.ts';
import type { WiredEdge } from './protocol.ts';
import { createRouteFinder, type FoundRoute, pathOf, queryOf } from './routes.ts';
import type { Program } from './run-process.ts';
import { runSteps } from './steps/index.ts';

/** A process that answers routes by running their steps in order. Services and servers are this. */
export function createHandlerProgram(start: {
  nodeId: string;
  replica: number;
  routes: readonly Route[];
  edges: WiredEdge[];
}): Program & {
  setRoutes(routes: readonly Route[]): void;
} {
  const { nodeId, replica } = start;
  let findRoute = createRouteFinder(start.routes);
  const callers = createCallers(nodeId);
  const calls = createCallCounters();
  const okBody = JSON.stringify({ node: nodeId, replica });

  const answer = async (
    found: FoundRoute | undefined,
    incoming: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    try {
      if (!found) throw new CallFailure('no-route', nodeId, `${nodeId} has no such route`);
      const parameters = { ...queryOf(incoming.url ?? '/'), ...found.parameters };
      const request = { parameters, deadlineMs: Number.POSITIVE_INFINITY };
      await runSteps(found.route.steps, { nodeId, request, callers, calls, random: Math.random });
      response.setHeader('content-type', 'application/json');
      response.end(okBody);
    } catch (error) {
      const failure =
        error instanceof CallFailure
          ? error
          : new CallFailure('handler-error', nodeId, error instanceof Error ? error.message : String(error));
      const { status, headers } = failureResponse(failure);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ error: failure.message }));
    }
  };

  const http = createHttpProgram((incoming, response) => {
    incoming.resume();
    void answer(findRoute(incoming.method ?? 'GET', pathOf(incoming.url ?? '/')), incoming, response);
  });

  callers.wire(start.edges);

  return {
    listen: http.listen,
    measure: () => ({ ...http.measure(), calls: calls.read() }),
    wire: callers.wire,
    configure() {},
    setRoutes(routes) {
      findRoute = createRouteFinder(routes);
    },
    async drain() {
      await http.drain();
      await callers.close();
    },
  };
}
