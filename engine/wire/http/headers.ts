import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** Of these the first counts, as in `node:http`; others are joined. */
const single = new Set(
  'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent'.split(
    ' ',
  ),
);

/** The header lines of an answer's head, its status line first. Null where a line is no header. */
export function headersOf(head: string): IncomingHttpHeaders | null {
  const headers: IncomingHttpHeaders = {};
  for (let line = head.indexOf('\n') + 1; line < head.length; ) {
    const next = head.indexOf('\n', line);
    const end = head.charCodeAt(next - 1) === 13 ? next - 1 : next;
    if (end <= line) break;
    const colon = head.indexOf(':', line);
    // A line that begins with a blank would go on with the one before; nobody sends that any more.
    if (colon <= line || colon >= end || head.charCodeAt(line) <= 32) return null;
    const name = head.slice(line, colon).toLowerCase();
    const value = head.slice(colon + 1, end).trim();
    const known = headers[name];
    if (name === 'set-cookie') headers[name] = [...(headers[name] ?? []), value];
    else if (known === undefined) headers[name] = value;
    else if (!single.has(name)) headers[name] = `${known}${name === 'cookie' ? '; ' : ', '}${value}`;
    line = next + 1;
  }
  return headers;
}

const unsafePath = /[^\x21-\x7e\x80-\xff]/;
const token = /^[!#$%&'*+.^`|~0-9A-Za-z_-]+$/;
const unsafeValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Names that were looked at; programs use few. */
const soundNames = new Set<string>();

function checkName(name: string): void {
  if (soundNames.has(name)) return;
  if (!token.test(name)) throw new TypeError(`"${name}" is no name of a header`);
  if (soundNames.size < 1000) soundNames.add(name);
}

/** The head of a request up to its last header line, without the empty line. Throws where a part would end it early. */
export function requestHead(method: string, path: string, host: string, headers: OutgoingHttpHeaders): string {
  if (unsafePath.test(path)) throw new TypeError('the path of a request holds characters that must be escaped');
  if (!token.test(method)) throw new TypeError(`"${method}" is no method`);
  let head = `${method} ${path} HTTP/1.1\r\n`;
  let hasHost = false;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    checkName(name);
    if (name.length === 4 && name.toLowerCase() === 'host') hasHost = true;
    for (const one of Array.isArray(value) ? value : [value]) {
      const text = String(one);
      if (unsafeValue.test(text)) throw new TypeError(`the header "${name}" holds characters that are not allowed`);
      head += `${name}: ${text}\r\n`;
    }
  }
  return hasHost ? head : `${head}Host: ${host}\r\n`;
}

export const hasHeader = (headers: OutgoingHttpHeaders, wanted: string): boolean => {
  for (const name in headers)
    if (name.length === wanted.length && headers[name] !== undefined && name.toLowerCase() === wanted) return true;
  return false;
};
