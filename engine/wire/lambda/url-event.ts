import type { IncomingHttpHeaders } from 'node:http';

/** A request as the URL of a function gets it. */
export interface UrlRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  requestId: string;
  /** Epoch milliseconds. */
  atMs: number;
  sourceIp: string;
  functionName: string;
}

/** What a function answered, as HTTP. */
export interface UrlAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** There is no account, and the documentation uses this number where one is needed. */
export const ACCOUNT_ID = '123456789012';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The event of a function URL, payload format 2.0, which an HTTP API sends too:
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function urlEvent({ method, url, headers, body, requestId, atMs, sourceIp, functionName }: UrlRequest): Buffer {
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const rawQueryString = mark < 0 ? '' : url.slice(mark + 1);
  const { cookie, ...others } = headers;
  const isText = body.length === 0 || isTextType(headers['content-type']);
  return Buffer.from(
    JSON.stringify({
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString,
      ...(cookie !== undefined && { cookies: cookie.split('; ') }),
      headers: Object.fromEntries(
        Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
      ),
      ...(rawQueryString !== '' && { queryStringParameters: parametersOf(rawQueryString) }),
      requestContext: {
        accountId: 'anonymous',
        apiId: functionName,
        domainName: headers.host ?? '',
        domainPrefix: functionName,
        http: {
          method,
          path: rawPath,
          protocol: 'HTTP/1.1',
          sourceIp,
          userAgent: headers['user-agent'] ?? '',
        },
        requestId,
        routeKey: '$default',
        stage: '$default',
        time: commonLogTime(atMs),
        timeEpoch: atMs,
      },
      ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
      isBase64Encoded: !isText,
    }),
  );
}

/** Of several values with one name, all, with commas between them. */
function parametersOf(query: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    all[name] = Object.hasOwn(all, name) ? `${all[name]},${value}` : value;
  return all;
}

const isTextType = (type: string | undefined): boolean =>
  type !== undefined && /^(text\/|application\/(.*\+)?(json|xml|javascript|x-www-form-urlencoded)\b)/i.test(type);

/** As in `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(atMs: number): string {
  const [date, time] = new Date(atMs).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/**
 * What a result of a handler means as HTTP: an object with `statusCode`, or any other value, which is a body of JSON. Null: nothing
 * that can be sent.
 */
export function urlAnswer(result: Buffer): UrlAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(result.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    const body = typeof value === 'string' ? Buffer.from(value) : result;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const {
    statusCode,
    headers = {},
    cookies = [],
    body = '',
    isBase64Encoded = false,
  } = value as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return null;
  if (!isRecordOfScalars(headers) || !Array.isArray(cookies) || typeof (body ?? '') !== 'string') return null;
  const sent: UrlAnswer['headers'] = {};
  for (const [name, text] of Object.entries(headers ?? {}))
    if (!VALID_NAME.test(name) || !VALID_VALUE.test(String(text))) return null;
    else if (!OF_THE_CONNECTION.test(name)) sent[name.toLowerCase()] = String(text);
  sent['content-type'] ??= 'application/json';
  if (cookies.length > 0) sent['set-cookie'] = cookies.map(String);
  return { status, headers: sent, body: Buffer.from((body as string) ?? '', isBase64Encoded ? 'base64' : 'utf8') };
}

/** Not for a handler to say; left out. */
const OF_THE_CONNECTION = /^(connection|content-length|keep-alive|transfer-encoding|upgrade)$/i;
const VALID_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALID_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const isRecordOfScalars = (value: unknown): boolean =>
  value === null ||
  (typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each)));
