import type { IncomingHttpHeaders } from 'node:http';
import type { SentRequest } from '../model/request-by-hand.ts';
import { HttpAgent } from '../wire/http/agent.ts';
import type { CallFailure } from './call-failure.ts';
import { attemptHttp } from './http-attempt.ts';
import { failedLookup } from './lookup.ts';
import type { WiredEdge } from './protocol.ts';
import { tracer } from './tracing.ts';
import { traceIdOf } from './tracing-context.ts';

/** Payload of the process kit's call `send-request`. */
export interface RequestByHand {
  edge: WiredEdge;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Of a body so much is shown. */
const MOST_SHOWN_BYTES = 262_144;

let turn = 0;

/**
 * Sends one request along an edge of this process, as somebody asked for it by hand: through the link, on a connection of its
 * own, once, with the edge's timeout and none of its other policies. It is always sampled, and counted only where it arrives.
 */
export async function sendRequest({ edge, method, path, headers, body }: RequestByHand): Promise<SentRequest> {
  const startMs = performance.now();
  const sentAtMs = Date.now();
  const span = tracer.request({ method, target: path, route: path.split('?')[0] as string, startMs, always: true });
  const place = turn++ % Math.max(1, edge.ports.length);
  const port = edge.ports[place];
  const { status, failure, answer, chunks, bytes } = await attempt(port);
  const durationMs = performance.now() - startMs;
  tracer.endCall(span, failure, status ?? undefined);
  return {
    edge: edge.id,
    ...{ sentAtMs, durationMs, status },
    replica: port === undefined ? null : (edge.replicas?.[place] ?? null),
    headers: flat(answer ?? {}),
    body: textOf(Buffer.concat(chunks), bytes > MOST_SHOWN_BYTES),
    bodyBytes: bytes,
    bodyShownBytes: Math.min(bytes, MOST_SHOWN_BYTES),
    failure: failure && { reason: failure.reason, hop: failure.hop, message: failure.message },
    traceId: span ? traceIdOf(span) : null,
  };

  async function attempt(port: number | undefined) {
    const chunks: Buffer[] = [];
    let [bytes, answer] = [0, null as IncomingHttpHeaders | null];
    const ended = (status: number | null, failure: Pick<CallFailure, 'reason' | 'hop' | 'message'> | null) => ({
      ...{ status, chunks, bytes, answer },
      failure: failure as CallFailure | null,
    });
    const lost = failedLookup(edge);
    if (lost) return ended(null, lost);
    if (port === undefined)
      return ended(null, { reason: 'refused', hop: edge.id, message: `${edge.targetId} has no replica` });
    const agent = new HttpAgent({ host: '127.0.0.1', port, keepAlive: false, maxConnections: 1 });
    const outcome = await new Promise<{ status: number | null; failure: CallFailure | null }>((resolve) => {
      const wanted = { method, path, headers, parent: span, ...(body !== '' && { body }) };
      attemptHttp(
        { edge, port, agent, wanted, number: 1 },
        (response) => {
          answer = response.headers;
          response.on('data', (chunk: Buffer) => {
            const room = MOST_SHOWN_BYTES - bytes;
            if (room > 0) chunks.push(chunk.subarray(0, room));
            bytes += chunk.length;
          });
        },
        resolve,
      );
    });
    agent.destroy();
    return ended(outcome.status, outcome.failure);
  }
}

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );

/** Null where the bytes are no text. One that was cut off may end in the middle of a sign. */
function textOf(bytes: Buffer, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}
