import { CallFailure } from '../call-failure.ts';
import type { HttpRequest } from '../http-caller.ts';
import { compileHandler, responseOf, type UserHandler, type UserTools, userRequire } from '../user-code/handler.ts';
import type { StepContext, StepRunner } from './step.ts';

/** Compiled once for each source; what a document no longer holds is forgotten with the process. */
const compiled = new Map<string, UserHandler>();
/** Shared by all handlers of the process, and gone with it. */
const state: Record<string, unknown> = {};

export const runCode: StepRunner<'code'> = async ({ source, timeoutMs }, context) => {
  const { nodeId, request, answer } = context;
  const incoming = request.incoming;
  if (!incoming) throw new CallFailure('handler-error', nodeId, 'code runs only for a request');
  const route = `${incoming.method} ${incoming.path}`;
  try {
    const handler = handlerOf(source, `${nodeId} ${incoming.method} ${incoming.route}`);
    const result = await inTime(
      Promise.resolve(handler({ ...incoming, parameters: { ...request.parameters } }, toolsFor(context))),
      timeoutMs,
      () => new CallFailure('timeout', nodeId, `the handler of ${route} gave no answer within ${timeoutMs} ms`),
    );
    if (result !== undefined) answer.response = responseOf(result);
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    // The stack is for who wrote the code: it goes to the log of the node.
    console.error(`${route}: ${error instanceof Error ? error.stack : String(error)}`);
    throw new CallFailure('handler-error', nodeId, error instanceof Error ? error.message : String(error));
  }
};

function handlerOf(source: string, name: string): UserHandler {
  let handler = compiled.get(source);
  if (!handler) {
    handler = compileHandler(source, name);
    compiled.set(source, handler);
  }
  return handler;
}

function toolsFor({ callers, calls, request, random }: StepContext): UserTools {
  return {
    state,
    random,
    require: userRequire,
    async call(edgeId, { method = 'GET', path = '/', body } = {}) {
      const { caller } = callers.get('http', edgeId);
      const wanted: HttpRequest = { method, path, deadlineMs: request.deadlineMs, parent: request.span };
      if (body !== undefined) {
        wanted.body = typeof body === 'string' ? body : JSON.stringify(body);
        const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
        wanted.headers = { 'content-type': type, 'content-length': Buffer.byteLength(wanted.body) };
      }
      const answer = await calls.count(edgeId, () => caller.fetch(wanted, { keepBody: true }));
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
      return { ...answer, headers };
    },
    publish(edgeId, { to, key = '', parameters, payloadBytes = 0, priority, delayMs = 0, ttlMs }) {
      const publication = {
        ...{ to, key, payloadBytes, delayMs, priority: priority ?? null, ttlMs: ttlMs ?? null },
        parameters: parameters ?? request.parameters,
      };
      return calls.count(edgeId, () => callers.broker(edgeId).caller.publish(publication, request));
    },
    async query(edgeId, sql, values = []) {
      const { caller } = callers.get('postgres', edgeId);
      const { columns, rows } = await calls.count(edgeId, () => caller.query(sql, values, request));
      return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    },
  };
}

async function inTime<T>(promise: Promise<T>, timeoutMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
    // Nobody listens to what comes late.
    promise.catch(() => {});
  }
}
