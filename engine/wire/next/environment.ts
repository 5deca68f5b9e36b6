import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { sendResponse, toRequest } from '../fetch/exchange.ts';
import { type EnvironmentMessage, EXCEPTION_HEADER, ROUTE_FILE, ROUTE_PATTERN } from './environment-protocol.ts';
import { resolveAsRequire } from './resolve-as-require.ts';
import { matchRoute, type RouteParameters } from './route-tree.ts';

/*
 * The environment of one route handler, several requests at once: what stands in for the Next.js server where none is installed.
 */

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'];

type Handler = (request: Request, context: { params: Promise<RouteParameters> }) => unknown;

const say = (message: EnvironmentMessage): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

const sayUsage = (): void => {
  const { user, system } = process.cpuUsage();
  say({ type: 'usage', cpuUs: user + system, residentBytes: process.memoryUsage.rss() });
};

/** How often it tells of itself where the operating system does not. */
const USAGE_MS = 200;

// It must not outlive its platform.
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

async function begin(file: string, pattern: string): Promise<void> {
  resolveAsRequire();
  const handlers = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const offered = METHODS.filter((method) => typeof handlers[method] === 'function');
  if (offered.length === 0) throw new Error(`${file} exports no function named ${METHODS.join(', ')}`);
  const allowed = [...new Set([...offered, 'OPTIONS', ...(offered.includes('GET') ? ['HEAD'] : [])])].sort();
  const withNext = nextRequestOf(file);

  const answer = async (incoming: IncomingMessage): Promise<Response> => {
    const method = incoming.method ?? 'GET';
    const own = handlers[method] ?? (method === 'HEAD' ? handlers.GET : undefined);
    if (typeof own !== 'function') {
      const headers = { allow: allowed.join(', ') };
      return new Response(null, { status: method === 'OPTIONS' ? 204 : 405, headers });
    }
    const request = withNext(toRequest(incoming));
    const { pathname } = new URL(request.url);
    const params = Promise.resolve(matchRoute(pattern, pathname) ?? {});
    const response = await (own as Handler)(request, { params });
    if (!(response instanceof Response))
      throw new TypeError(
        `No response is returned from route handler '${file}'. Ensure you return a \`Response\` in all branches of your handler.`,
      );
    return method === 'HEAD' ? new Response(null, response) : response;
  };

  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    answer(incoming)
      .catch((error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return new Response(text, { status: 500, headers: { [EXCEPTION_HEADER]: '1' } });
      })
      .then((response) => sendResponse(response, outgoing))
      .catch((error: unknown) => {
        console.error(error);
        outgoing.destroy();
      });
  });
  // Whoever asks closes its connections first.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  if (process.platform !== 'linux') setInterval(sayUsage, USAGE_MS).unref();
  server.listen(0, '127.0.0.1', () => say({ type: 'ready', port: (server.address() as AddressInfo).port }));
}

/** Where the project has Next.js, handlers get its own kind of request. */
function nextRequestOf(file: string): (request: Request) => Request {
  try {
    const { NextRequest } = createRequire(file)('next/server') as { NextRequest: new (request: Request) => Request };
    return (request) => new NextRequest(request);
  } catch {
    return (request) => request;
  }
}

begin(process.env[ROUTE_FILE] ?? '', process.env[ROUTE_PATTERN] ?? '').catch((error: unknown) => {
  say({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
