import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** The request as a handler written by the user sees it. */
export interface UserRequest {
  method: string;
  path: string;
  /** Values of the route's ":name" segments and of the query string. */
  parameters: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  /** The body as text; empty where there is none. */
  body: string;
}

export interface UserResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What a handler may use beside the language and Node's own modules. */
export interface UserTools {
  /** Sends an HTTP request along an edge. Rejects when the call fails; an error status is a failure. */
  call(edge: string, request?: { method?: string; path?: string; body?: unknown }): Promise<UserResponse>;
  /** Runs SQL along an edge. Resolves with the rows. */
  query(edge: string, sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Publishes a message along an edge. Resolves when the broker has confirmed it; rejects where it has not. */
  publish(edge: string, message: UserMessage): Promise<void>;
  /** Lives as long as the process. */
  state: Record<string, unknown>;
  /** Uniform in [0, 1). */
  random(): number;
  require: NodeJS.Require;
}

export interface UserMessage {
  to: string;
  key?: string;
  /** What travels with it for the steps of its consumers; default: the parameters of the request. */
  parameters?: Record<string, string>;
  payloadBytes?: number;
  priority?: number;
  delayMs?: number;
  ttlMs?: number;
}

export type UserHandler = (request: UserRequest, tools: UserTools) => unknown;

/**
 * Compiles a handler: an expression that yields a function. It runs in this process with all that the process may do;
 * what keeps others' code from running is that nobody trusted it, not a sandbox. `name` shows in stack traces.
 */
export function compileHandler(source: string, name: string): UserHandler {
  const handler: unknown = new Script(`(${source}\n)`, { filename: name, columnOffset: -1 }).runInThisContext();
  if (typeof handler !== 'function') throw new TypeError('the code is no function');
  return handler as UserHandler;
}

/** `require` for handlers: Node's modules, and what is installed where Archipel was started. */
export const userRequire = createRequire(join(process.cwd(), 'handler.js'));

/** What a handler returned, as an answer: a value as JSON, or an object with `status`, `headers` and `body`. */
export function responseOf(result: unknown): UserResponse {
  const json = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
  if (isResponse(result)) {
    const { status, headers = {}, body } = result;
    const type: Record<string, string> =
      typeof body === 'string'
        ? { 'content-type': 'text/plain; charset=utf-8' }
        : { 'content-type': 'application/json' };
    return { status, headers: { ...type, ...headers }, body: body === undefined ? '' : json(body) };
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result ?? null) };
}

const isResponse = (
  result: unknown,
): result is { status: number; headers?: Record<string, string>; body?: unknown } => {
  const status = typeof result === 'object' && result !== null ? (result as { status?: unknown }).status : undefined;
  return Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
};
