import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createHistogram, record, reset, toSparse } from '../metrics/histogram.ts';
import { HEALTH_PATH } from '../model/health-path.ts';
import type { Program } from './run-process.ts';
import { tracer } from './tracing.ts';
import type { Span } from './tracing-span.ts';

/** Idle connections outlive any pause between two requests of a run; callers close theirs first. */
const KEEP_ALIVE_MS = 120_000;
/** After the last answer, how long a drain waits for a request that was already on its way. */
const QUIET_MS = 40;

export type HttpProgram = Pick<Program, 'listen' | 'drain' | 'measure'>;

/**
 * The serving side of an HTTP node: health check, counters, latency and a drain that loses no request.
 * `handle` must end every response. The request's span ends with it; where it is not traced, there is none.
 */
export function createHttpProgram(
  handle: (incoming: IncomingMessage, response: ServerResponse, span: Span | undefined) => void,
): HttpProgram {
  const latency = createHistogram();
  let requests = 0;
  let errors = 0;
  let inFlight = 0;
  /** Time from arrival to answer, all requests together. */
  let handlingMs = 0;
  let draining = false;
  let lastEndMs = 0;
  let onQuiet: (() => void) | undefined;

  const server = createServer((incoming, response) => {
    if (incoming.url === HEALTH_PATH) {
      response.setHeader('content-length', 2);
      response.end('ok');
      return;
    }
    const startedMs = performance.now();
    const span = tracer.server(incoming);
    inFlight += 1;
    if (draining) response.setHeader('connection', 'close');
    response.on('close', () => {
      lastEndMs = performance.now();
      inFlight -= 1;
      requests += 1;
      // As its caller and its edge count it: what was refused has failed.
      if (response.statusCode >= 400 || !response.writableFinished) errors += 1;
      handlingMs += lastEndMs - startedMs;
      record(latency, lastEndMs - startedMs);
      tracer.endServer(span, response);
      onQuiet?.();
    });
    handle(incoming, response, span);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
      }),
    async drain() {
      draining = true;
      lastEndMs = performance.now();
      await new Promise<void>((resolve) => {
        const check = (): void => {
          if (inFlight > 0) return;
          const quietMs = performance.now() - lastEndMs;
          if (quietMs >= QUIET_MS) resolve();
          else setTimeout(check, QUIET_MS - quietMs + 1);
        };
        onQuiet = check;
        check();
      });
      server.close();
      server.closeAllConnections();
    },
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors, inFlight, latency: sparse, handlingMs };
    },
  };
}
