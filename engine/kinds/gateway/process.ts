import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createCallCounters } from '../../process-kit/call-counters.ts';
import { CallFailure, failureResponse } from '../../process-kit/call-failure.ts';
import { createHttpCaller, type HttpCaller, type HttpCallerOptions } from '../../process-kit/http-caller.ts';
import { createHttpProgram } from '../../process-kit/http-program.ts';
import type { WiredEdge } from '../../process-kit/protocol.ts';
import { pathOf } from '../../process-kit/routes.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import type { Span } from '../../process-kit/tracing-span.ts';

interface GatewayConfig {
  rules: { pathPrefix: string; edge: string }[];
  balancing: 'round-robin' | 'random' | 'least-connections';
}

/** Headers that belong to one connection and are never passed on; RFC 9110, section 7.6.1. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const passOn = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));

/** Which replica of an edge's target gets a request. */
function balance(balancing: () => GatewayConfig['balancing']): HttpCallerOptions {
  let next = 0;
  const inFlight = new Map<number, number>();
  const busy = (port: number): number => inFlight.get(port) ?? 0;
  return {
    choose(ports) {
      // Ties go round, or the first replica would take every request of a quiet topology.
      let chosen = ports[next++ % ports.length];
      if (balancing() === 'random') chosen = ports[Math.floor(Math.random() * ports.length)];
      if (balancing() === 'least-connections')
        for (const port of ports) if (chosen !== undefined && busy(port) < busy(chosen)) chosen = port;
      if (chosen !== undefined) inFlight.set(chosen, busy(chosen) + 1);
      return chosen;
    },
    onOutcome: (port) => void inFlight.set(port, busy(port) - 1),
  };
}

runProcess<GatewayConfig>((start) => {
  let config = start.config;
  const callers = new Map<string, HttpCaller>();
  const calls = createCallCounters();

  const wire = (edges: WiredEdge[]): void => {
    for (const [id, caller] of callers)
      if (!edges.some((edge) => edge.id === id)) {
        caller.close();
        callers.delete(id);
      }
    for (const edge of edges) {
      const caller = callers.get(edge.id);
      if (caller) caller.update(edge);
      else
        callers.set(
          edge.id,
          createHttpCaller(
            edge,
            balance(() => config.balancing),
          ),
        );
    }
  };

  /** The longest prefix that ends at a path segment wins. Without rules, everything goes to the only edge. */
  const edgeFor = (path: string): string | undefined => {
    if (config.rules.length === 0) return callers.keys().next().value;
    let best: GatewayConfig['rules'][number] | undefined;
    for (const rule of config.rules) {
      const prefix = rule.pathPrefix.replace(/\/$/, '');
      if ((path === prefix || path.startsWith(`${prefix}/`)) && rule.pathPrefix.length > (best?.pathPrefix.length ?? 0))
        best = rule;
    }
    return best?.edge;
  };

  const forward = async (incoming: IncomingMessage, response: ServerResponse, span?: Span): Promise<void> => {
    try {
      const edge = edgeFor(pathOf(incoming.url ?? '/'));
      const caller = edge && callers.get(edge);
      if (!caller) throw new CallFailure('no-route', start.nodeId, `no rule of ${start.nodeId} matches`);
      let failed = true;
      response.on('close', () => calls.ended(edge, failed));
      const upstream = await caller.send({
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: passOn(incoming.headers),
        parent: span,
        write: (outgoing) => {
          incoming.pipe(outgoing);
          // Nobody waits for the answer any more.
          response.on('close', () => response.writableFinished || outgoing.destroy());
        },
      });
      response.writeHead(upstream.statusCode ?? 502, passOn(upstream.headers));
      upstream.pipe(response);
      upstream.on('end', () => {
        failed = (upstream.statusCode ?? 502) >= 400;
      });
      upstream.on('close', () => upstream.complete || response.destroy());
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
  wire(start.edges);

  return {
    listen: http.listen,
    measure: () => ({ ...http.measure(), calls: calls.read() }),
    wire,
    configure(changed: GatewayConfig) {
      config = changed;
    },
    async drain() {
      await http.drain();
      for (const caller of callers.values()) caller.close();
    },
  };
});
