import type { IncomingMessage } from 'node:http';
import { CallFailure, failureOfResponse } from '../call-failure.ts';
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
      const { edge, caller } = callers.get('http', edgeId);
      const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
      const wanted: HttpRequest = { method, path, parent: request.span };
      if (payload !== null) {
        const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
        wanted.headers = { 'content-type': type, 'content-length': Buffer.byteLength(payload) };
        wanted.write = (outgoing) => outgoing.end(payload);
      }
      return calls.count(edgeId, async () => {
        const response = await caller.send(wanted);
        const text = await readText(response).catch((error: Error) => {
          throw error instanceof CallFailure ? error : new CallFailure('reset', edgeId, error.message);
        });
        const failure = failureOfResponse(response, edge.targetId);
        if (failure) throw failure;
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
        );
        return { status: response.statusCode ?? 200, headers, body: text };
      });
    },
    async query(edgeId, sql, values = []) {
      const { caller } = callers.get('postgres', edgeId);
      const { columns, rows } = await calls.count(edgeId, () => caller.query(sql, values, 'primary', request.span));
      return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    },
  };
}

function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => resolve(text));
    response.on('error', reject);
    response.on('close', () => response.complete || reject(new Error('the response broke off')));
  });
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
