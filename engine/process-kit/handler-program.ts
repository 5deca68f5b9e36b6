import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Consumer } from '../model/consumer.ts';
import type { Route } from '../model/handler.ts';
import type { HandMessage } from '../model/message-by-hand.ts';
import { createRouteFinder, type FoundRoute, pathOf, queryOf } from '../model/routes.ts';
import { codeOfSteps } from '../model/step-code.ts';
import type { WorkLimits } from '../model/work-limits.ts';
import { createCallCounters } from './call-counters.ts';
import { CallFailure, failureResponse } from './call-failure.ts';
import { createCallers } from './callers.ts';
import { deadlineOf } from './deadline.ts';
import { createDeployedVersion } from './deployed-version.ts';
import { faultHooks } from './fault-hooks.ts';
import { createHttpProgram } from './http-program.ts';
import { createConsumers } from './messages/consumers.ts';
import { createJournal } from './messages/journal.ts';
import { createMessageCaller } from './messages/message-caller.ts';
import { sendMessage } from './messages/send-message.ts';
import { withMessages } from './messages/with-messages.ts';
import { readBody } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import type { Program, ProgramStart } from './run-process.ts';
import { createSlots } from './slots.ts';
import { runSteps } from './steps/index.ts';
import type { StepContext } from './steps/step.ts';
import type { Span } from './tracing-span.ts';
import type { UserResponse } from './user-code/handler.ts';

/** Consumers may take so long to listen before their process counts as ready all the same. */
const LISTENING_MS = 2000;

/** A process that answers routes by running their steps in order, each request in a slot. Services and servers are this. */
export function createHandlerProgram<Config extends WorkLimits & { consumers: readonly Consumer[] }>(
  start: ProgramStart<Config>,
  routesOf: (config: Config) => readonly Route[],
): Program {
  const { nodeId, replica } = start;
  let findRoute = createRouteFinder(routesOf(start.config));
  const slots = createSlots(nodeId, start.config);
  const deployed = createDeployedVersion(start.version, nodeId);
  const journal = createJournal({ directory: start.journalDirectory ?? '', nodeId, replica });
  const callers = createCallers(nodeId, (edge) =>
    createMessageCaller(edge, { journal, consumerName: `${nodeId}-${replica}` }),
  );
  const calls = createCallCounters();
  const consumers = createConsumers({
    ...{ nodeId, replica, journal, callers, calls },
    run: ({ steps }, { request }) =>
      deployed.run(() =>
        runSteps(steps, { nodeId, request, callers, calls, random: Math.random, answer: { response: null } }),
      ),
  });
  let { config } = start;
  const okBody = JSON.stringify({ node: nodeId, replica });

  /** Runs a request's steps as soon as there is a slot for it. */
  const handle = async (
    route: Route,
    request: RequestContext,
    response: ServerResponse,
  ): Promise<UserResponse | null> => {
    const answer: StepContext['answer'] = { response: null };
    const turn = slots.take(request.deadlineMs);
    if (turn) {
      response.on('close', turn.leave);
      await turn.granted;
    }
    try {
      if (faultHooks.request.size > 0)
        for (const hook of faultHooks.request) {
          const failed = await hook({ method: route.method, route: route.path });
          if (failed) throw new CallFailure('handler-error', nodeId, failed.message, { status: failed.status });
        }
      await deployed.run(() => runSteps(route.steps, { nodeId, request, callers, calls, random: Math.random, answer }));
      return answer.response;
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
      const request = { parameters, deadlineMs: deadlineOf(incoming.headers), span };
      const result = holdsCode(found.route)
        ? await handle(found.route, { ...request, incoming: await readRequest(incoming, found.route) }, response)
        : await handle(found.route, request, response);
      if (result) {
        response.writeHead(result.status, result.headers);
        response.end(result.body);
        return;
      }
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
    const found = findRoute(incoming.method ?? 'GET', pathOf(incoming.url ?? '/'));
    // A body that no step looks at is thrown away as it comes.
    if (!found || !holdsCode(found.route)) incoming.resume();
    void answer(found, incoming, response, span);
  });

  callers.wire(start.edges);

  return {
    async listen() {
      const port = await http.listen();
      consumers.configure(config.consumers);
      // A service whose broker is away is ready for everything else.
      await consumers.listening(LISTENING_MS);
      return port;
    },
    measure: () => ({
      ...withMessages(http.measure(), consumers.measure()),
      ...slots.measure(),
      calls: calls.read(callers.all()),
    }),
    wire(edges) {
      callers.wire(edges);
      consumers.configure(config.consumers);
    },
    configure(changed: Config) {
      config = changed;
      findRoute = createRouteFinder(routesOf(changed));
      slots.configure(changed);
      consumers.configure(config.consumers);
    },
    async drain() {
      await Promise.all([http.drain(), consumers.stop()]);
      await callers.close();
    },
    calls: { 'send-message': (message: HandMessage) => sendMessage(message, { callers, journal }) },
  };
}

const withCode = new WeakMap<Route, boolean>();

function holdsCode(route: Route): boolean {
  let holds = withCode.get(route);
  if (holds === undefined) {
    holds = codeOfSteps(route.steps, '').length > 0;
    withCode.set(route, holds);
  }
  return holds;
}

const readRequest = async (incoming: IncomingMessage, route: Route): Promise<RequestContext['incoming']> => ({
  method: incoming.method ?? 'GET',
  path: pathOf(incoming.url ?? '/'),
  route: route.path,
  headers: incoming.headers,
  body: await readBody(incoming),
});
