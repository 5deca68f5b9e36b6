import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExportTraceServiceRequest } from './otlp-json.ts';

/** The fields of opentelemetry-proto 1.9 in their JSON encoding: what a receiver may be sent, and nothing else. */
type Check = (value: unknown, path: string) => string[];

const wrong = (path: string, wanted: string): string[] => [`${path} is no ${wanted}`];
const matches =
  (pattern: RegExp, wanted: string): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? [] : wrong(path, wanted);
const text = matches(/^/, 'string');
const uint64 = matches(/^\d{1,20}$/, 'unsigned 64-bit integer as a string');
const int64 = matches(/^-?\d{1,19}$/, '64-bit integer as a string');
const number: Check = (value, path) => (typeof value === 'number' ? [] : wrong(path, 'number'));
const boolean: Check = (value, path) => (typeof value === 'boolean' ? [] : wrong(path, 'boolean'));
const integer =
  (min: number, max: number): Check =>
  (value, path) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? []
      : wrong(path, `integer from ${min} to ${max}`);
const listOf =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value) ? value.flatMap((item, i) => check(item, `${path}[${i}]`)) : wrong(path, 'list');
const message =
  (fields: Record<string, Check>, required: string[] = []): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(path, 'message');
    return [
      ...required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(
        ([name, field]) => fields[name]?.(field, `${path}.${name}`) ?? [`${path}.${name} is no field`],
      ),
    ];
  };

const oneValue = message({ stringValue: text, boolValue: boolean, intValue: int64, doubleValue: number });
const anyValue: Check = (value, path) => [
  ...oneValue(value, path),
  ...(Object.keys(value as object).length === 1 ? [] : wrong(path, 'single value')),
];
const attributes = listOf(message({ key: text, value: anyValue }, ['key', 'value']));
const uint32 = integer(0, 2 ** 32 - 1);

const span = message(
  {
    traceId: matches(/^(?!0+$)[0-9a-f]{32}$/, 'trace id'),
    spanId: matches(/^(?!0+$)[0-9a-f]{16}$/, 'span id'),
    traceState: text,
    parentSpanId: matches(/^[0-9a-f]{16}$/, 'span id'),
    flags: uint32,
    name: matches(/./, 'name'),
    kind: integer(1, 5),
    startTimeUnixNano: uint64,
    endTimeUnixNano: uint64,
    attributes,
    droppedAttributesCount: uint32,
    status: message({ message: text, code: integer(0, 2) }),
  },
  ['traceId', 'spanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano'],
);
const scope = message({ name: text, version: text, attributes, droppedAttributesCount: uint32 });
const scopeSpans = message({ scope, spans: listOf(span), schemaUrl: text }, ['spans']);
const resource = message({ attributes, droppedAttributesCount: uint32 });
const exportTraceServiceRequest = message(
  { resourceSpans: listOf(message({ resource, scopeSpans: listOf(scopeSpans), schemaUrl: text }, ['scopeSpans'])) },
  ['resourceSpans'],
);

/** All that is wrong with a request, with the path of each. */
export const problemsOfExport = (value: unknown): string[] => exportTraceServiceRequest(value, '$');

/** An OTLP/HTTP receiver that is strict about what it takes. `answer` may answer in its place, and says so by `true`. */
export async function startReceiver(
  options: { port?: number; answer?(request: number, response: ServerResponse): boolean } = {},
) {
  const requests: ExportTraceServiceRequest[] = [];
  const problems: string[] = [];
  const watchers = new Set<() => void>();
  let count = 0;

  const take = (incoming: IncomingMessage, body: string, response: ServerResponse): void => {
    count += 1;
    if (options.answer?.(count, response)) return;
    if (incoming.method !== 'POST' || incoming.url !== '/v1/traces')
      problems.push(`${incoming.method} ${incoming.url}`);
    if (incoming.headers['content-type'] !== 'application/json')
      problems.push(`type ${incoming.headers['content-type']}`);
    const parsed: unknown = JSON.parse(body);
    problems.push(...problemsOfExport(parsed));
    requests.push(parsed as ExportTraceServiceRequest);
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  };
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      take(incoming, body, response);
      for (const look of watchers) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const spans = () =>
    requests.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource: { attributes: ofResource }, scopeSpans: scopes }) =>
        scopes.flatMap((ofScope) => ofScope.spans.map((one) => ({ ...one, resource: ofResource }))),
      ),
    );
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    problems,
    requests,
    spans,
    /** Requests that came, whatever became of them. */
    count: () => count,
    /** Resolves once it holds; looked at after each request. */
    until: (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!holds()) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
