import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { edgeOfPath } from '../../model/path-rules.ts';
import { pathOf } from '../../model/routes.ts';
import type { BalancedRequest } from '../../process-kit/balancing/balanced-caller.ts';
import { createCallCounters } from '../../process-kit/call-counters.ts';
import { CallFailure, failureOfResponse, failureResponse } from '../../process-kit/call-failure.ts';
import { deadlineOf, TIMEOUT_HEADER } from '../../process-kit/deadline.ts';
import { faultHooks } from '../../process-kit/fault-hooks.ts';
import type { HttpResponse } from '../../process-kit/http-caller.ts';
import { createHttpProgram } from '../../process-kit/http-program.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import type { Span } from '../../process-kit/tracing-span.ts';
import { cookieOf, hashKeyOf, stickyCookie } from './request-key.ts';
import { createUpstreams, type GatewayConfig } from './upstreams.ts';

/** Headers that belong to one connection and are never passed on; RFC 9110, section 7.6.1. So does how long its caller waits. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  TIMEOUT_HEADER,
]);

/** RFC 9112, section 6.3: a request without either has none. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const passOn = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));

runProcess<GatewayConfig>((start) => {
  let config = start.config;
  const upstreams = createUpstreams(config);
  const calls = createCallCounters();

  /** What a replica is chosen by, and how the caller is told which one it was. */
  const keyOf = (incoming: IncomingMessage, edge: string): string | undefined => {
    if (config.balancing === 'sticky') return cookieOf(incoming, `${config.stickyCookie}-${edge}`);
    return config.balancing === 'consistent-hash' ? hashKeyOf(incoming, config.hashKey) : undefined;
  };
  const headersFor = (upstream: HttpResponse, { key, chosen }: BalancedRequest, edge: string) => {
    const headers = passOn(upstream.headers);
    if (config.balancing === 'sticky' && chosen && key !== String(chosen.replica))
      headers['set-cookie'] = [
        ...(upstream.headers['set-cookie'] ?? []),
        stickyCookie(`${config.stickyCookie}-${edge}`, chosen.replica),
      ];
    return headers;
  };

  const forward = async (incoming: IncomingMessage, response: ServerResponse, span?: Span): Promise<void> => {
    try {
      for (const overQuota of faultHooks.quota) {
        const retryAfterS = overQuota();
        if (retryAfterS !== null)
          throw new CallFailure('throttled', start.nodeId, 'over the quota of the gateway', { retryAfterS });
      }
      const edge = config.rules.length === 0 ? upstreams.only() : edgeOfPath(pathOf(incoming.url ?? '/'), config.rules);
      const upstreamOf = edge === undefined ? undefined : upstreams.get(edge);
      if (edge === undefined || !upstreamOf)
        throw new CallFailure('no-route', start.nodeId, `no rule of ${start.nodeId} matches`);
      let failed = true;
      const startedMs = performance.now();
      response.on('close', () => calls.ended(edge, failed, performance.now() - startedMs));
      const request: BalancedRequest = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: passOn(incoming.headers),
        parent: span,
        key: keyOf(incoming, edge),
        deadlineMs: deadlineOf(incoming.headers),
      };
      // A body is passed on as it comes, and so only once: such a request is never sent again.
      if (hasBody(incoming)) request.write = (outgoing) => incoming.pipe(outgoing);
      else incoming.resume();
      let upstream: HttpResponse | undefined;
      response.on('close', () => {
        // Nobody waits for the answer any more.
        if (response.writableFinished) return;
        request.giveUp?.();
        upstream?.destroy();
      });
      upstream = await upstreamOf.send(request);
      const reported = failureOfResponse(upstream, edge);
      if (reported) span?.fail(reported.reason, reported.hop);
      response.writeHead(upstream.statusCode ?? 502, headersFor(upstream, request, edge));
      const { statusCode = 502 } = upstream;
      upstream.on('end', () => {
        failed = statusCode >= 400;
      });
      upstream.on('close', () => upstream?.complete || response.destroy());
      // Most answers are whole by the time that their head is known: those go out in one piece.
      if (upstream.complete && upstream.readableLength > 0) response.end(upstream.read());
      else upstream.pipe(response);
    } catch (error) {
      const failure =
        error instanceof CallFailure ? error : new CallFailure('handler-error', start.nodeId, String(error));
      span?.fail(failure.reason, failure.hop);
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const { status, headers } = failureResponse(failure);
      response.writeHead(status, headers);
      response.end();
    }
  };

  const http = createHttpProgram((incoming, response, span) => void forward(incoming, response, span));
  upstreams.wire(start.edges);

  return {
    listen: http.listen,
    measure: () => ({
      ...http.measure(),
      calls: calls.read(upstreams.all()),
      gauges: upstreams.gauges(),
      counters: upstreams.counters(),
    }),
    wire: upstreams.wire,
    configure(changed: GatewayConfig) {
      config = changed;
      upstreams.configure(changed);
    },
    async drain() {
      await http.drain();
      upstreams.close();
    },
  };
});
