import type { TraceSpan } from '../api/types.ts';
import type { SpanRecord, SpanType } from '../process-kit/tracing-record.ts';

/** OpenTelemetry's semantic conventions that names and attributes follow: HTTP and database spans are stable in them. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0';

/** Methods of RFC 9110, and PATCH of RFC 5789. */
const knownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

type Said = Pick<TraceSpan, 'name' | 'kind' | 'attributes'>;
type Attributes = Record<string, string | number | boolean | undefined>;

/** How each type of span is said in OpenTelemetry's words. */
const says: {
  [T in SpanType]: (record: SpanRecord) => { name: string; kind: TraceSpan['kind']; attributes: Attributes };
} = {
  request: (record) => ({
    name: `${record.method} ${record.route ?? pathOf(record)}`,
    kind: 'internal',
    attributes: { 'url.path': pathOf(record), 'archipel.attempts': record.attempts },
  }),

  server: (record) => {
    const { method, name } = methodOf(record);
    return {
      name: record.route ? `${name} ${record.route}` : name,
      kind: 'server',
      attributes: {
        'http.request.method': method,
        'url.scheme': 'http',
        'url.path': pathOf(record),
        'url.query': queryOf(record),
        'http.route': record.route,
        'http.response.status_code': record.status,
        'network.protocol.version': '1.1',
        'faas.trigger': record.coldStart === undefined ? undefined : 'http',
        'faas.coldstart': record.coldStart,
      },
    };
  },

  call: (record) => {
    const { method, name } = methodOf(record);
    return {
      name,
      kind: 'client',
      attributes: {
        'http.request.method': method,
        ...peerOf(record),
        'url.full': record.port ? `http://127.0.0.1:${record.port}${record.target ?? '/'}` : undefined,
        'http.response.status_code': record.status,
        'http.request.resend_count': record.resend,
      },
    };
  },

  query: (record) => {
    const summary = summaryOf(record.target ?? '');
    return {
      name: summary || 'postgresql',
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        ...peerOf(record),
        'db.query.text': record.target,
        'db.query.summary': summary || undefined,
        'db.response.returned_rows': record.rows,
      },
    };
  },

  cache: (record) => ({
    name: record.method ?? 'redis',
    kind: 'client',
    attributes: {
      'db.system.name': 'redis',
      ...peerOf(record),
      'db.operation.name': record.method,
      'db.query.text': [record.method, record.target].filter(Boolean).join(' '),
    },
  }),

  publish: (record) => ({
    name: `send ${record.target}`,
    kind: 'producer',
    attributes: {
      ...messageOf(record),
      ...peerOf(record),
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
    },
  }),

  consume: (record) => ({
    name: `process ${record.target}`,
    kind: 'consumer',
    attributes: {
      ...messageOf(record),
      ...peerOf(record),
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'archipel.attempt': record.attempts,
      'faas.trigger': record.coldStart === undefined ? undefined : 'pubsub',
      'faas.coldstart': record.coldStart,
    },
  }),

  init: () => ({ name: 'INIT', kind: 'internal', attributes: {} }),

  invoke: (record) => ({ name: 'INVOKE', kind: 'internal', attributes: { 'faas.invocation_id': record.target } }),
};

const messageOf = ({ method, target, route }: SpanRecord): Attributes => ({
  'messaging.system': method,
  'messaging.destination.name': target,
  'messaging.message.id': route,
});

/** Name, kind and attributes of a span, and the class of the error that it ended with. */
export function saySpan(record: SpanRecord): Said & { error: string | null } {
  const { name, kind, attributes } = says[record.type](record);
  const error = errorOf(record, kind);
  return {
    name,
    kind,
    error,
    attributes: withoutGaps({
      ...attributes,
      'error.type': error ?? undefined,
      // Not part of the conventions: what only Archipel knows.
      'archipel.edge': record.edge,
      'archipel.failure.reason': record.failure?.reason,
      'archipel.failure.hop': record.failure?.hop,
    }),
  };
}

/** What its own caller gave up is no error, such as the slower of two hedged attempts. A server's own 4xx none of the server, unless we know that the request failed there. */
const errorOf = ({ failure, status = 0 }: SpanRecord, kind: TraceSpan['kind']): string | null =>
  failure?.reason === 'cancelled' && kind === 'client'
    ? null
    : (failure?.reason ?? (status >= (kind === 'server' ? 500 : 400) ? String(status) : null));

const methodOf = ({ method = '' }: SpanRecord): { method: string; name: string } =>
  knownMethods.includes(method) ? { method, name: method } : { method: '_OTHER', name: 'HTTP' };

const pathOf = ({ target = '/' }: SpanRecord): string => target.split('?', 1)[0] as string;

const queryOf = ({ target = '/' }: SpanRecord): string | undefined =>
  target.includes('?') ? target.slice(target.indexOf('?') + 1) : undefined;

/** Callers know the address of a link only. The node behind it is the peer service. */
const peerOf = ({ peer, port }: SpanRecord): Attributes => ({
  'server.address': '127.0.0.1',
  'server.port': port,
  'service.peer.name': peer,
});

/** Operation and first table, such as "SELECT orders"; the convention asks for the operations and targets of the text in order. */
export function summaryOf(sql: string): string {
  const operation = /^[\s(]*([a-z]+)/i.exec(sql)?.[1];
  if (!operation) return '';
  const table = /\b(?:from|into|update|join|table)\s+(?:only\s+|if\s+(?:not\s+)?exists\s+)?([\w."]+)/i.exec(sql)?.[1];
  return table ? `${operation.toUpperCase()} ${table}` : operation.toUpperCase();
}

const withoutGaps = (attributes: Attributes): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
  );
