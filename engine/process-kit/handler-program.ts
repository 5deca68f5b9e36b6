import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../model/handler.ts';
import type { WorkLimits } from '../model/work-limits.ts';
import { createCallCounters } from './call-counters.ts';
import { CallFailure, failureResponse } from './call-failure.ts';
import { createCallers } from './callers.ts';
import { createHttpProgram } from './http-program.ts';
import type { RequestContext } from './request-context.ts';
import { createRouteFinder, type FoundRoute, pathOf, queryOf } from './routes.ts';
import type { Program, ProgramStart } from './run-process.ts';
import { createSlots } from './slots.ts';
import { runSteps } from './steps/index.ts';
import type { Span } from './tracing-span.ts';

/** A process that answers routes by running their steps in order, each request in a slot. Services and servers are this. */
export function createHandlerProgram<Config extends WorkLimits>(
  start: ProgramStart<Config>,
  routesOf: (config: Config) => readonly Route[],
): Program {
  const { nodeId, replica } = start;
  let findRoute = createRouteFinder(routesOf(start.config));
  const slots = createSlots(nodeId, start.config);
  const callers = createCallers(nodeId);
  const calls = createCallCounters();
  const okBody = JSON.stringify({ node: nodeId, replica });

  /** Runs a request's steps as soon as there is a slot for it. */
  const handle = async (route: Route, request: RequestContext, response: ServerResponse): Promise<void> => {
    const turn = slots.take(request.deadlineMs);
    if (turn) {
      response.on('close', turn.leave);
      await turn.granted;
    }
    try {
      await runSteps(route.steps, { nodeId, request, callers, calls, random: Math.random });
    } finally {
      slots.release();
    }
  };

  const answer = async (
    found: FoundRoute | undefined,
    incoming: IncomingMessage,
    response: ServerResponse,
    span: Span | undefined,
  ): Promise<void> => {
    try {
      if (!found) throw new CallFailure('no-route', nodeId, `${nodeId} has no such route`);
      if (span) span.route = found.route.path;
      const parameters = { ...queryOf(incoming.url ?? '/'), ...found.parameters };
      await handle(found.route, { parameters, deadlineMs: Number.POSITIVE_INFINITY, span }, response);
      response.setHeader('content-type', 'application/json');
      response.end(okBody);
    } catch (error) {
      const failure =
        error instanceof CallFailure
          ? error
          : new CallFailure('handler-error', nodeId, error instanceof Error ? error.message : String(error));
      span?.fail(failure.reason, failure.hop);
      const { status, headers } = failureResponse(failure);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ error: failure.message }));
    }
  };

  const http = createHttpProgram((incoming, response, span) => {
    incoming.resume();
    void answer(findRoute(incoming.method ?? 'GET', pathOf(incoming.url ?? '/')), incoming, response, span);
  });

  callers.wire(start.edges);

  return {
    listen: http.listen,
    measure: () => ({ ...http.measure(), ...slots.measure(), calls: calls.read() }),
    wire: callers.wire,
    configure(changed: Config) {
      findRoute = createRouteFinder(routesOf(changed));
      slots.configure(changed);
    },
    async drain() {
      await http.drain();
      await callers.close();
    },
  };
}
