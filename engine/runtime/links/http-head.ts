/** Start line and header lines of an HTTP/1 message. */
export interface HttpHead {
  /** Of a request; of a response ''. */
  method: string;
  target: string;
  /** Of a response; of a request 0. */
  status: number;
  /** Names in lower case, in the order in which they came. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Its sender sends nothing more on the connection. */
  closes: boolean;
  /** How the body is delimited by the header lines alone. Null: they contradict each other, or say nothing that is known. */
  body: { type: 'none' } | { type: 'length'; bytes: number } | { type: 'chunked' } | { type: 'until-close' } | null;
}

const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.([01])$/;
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/;

/** Reads a whole head, its empty line included. Null when it is none. */
export function parseHead(bytes: Buffer, side: 'request' | 'response'): HttpHead | null {
  const [startLine = '', ...lines] = bytes.toString('latin1').trimEnd().split(/\r?\n/);
  const start = (side === 'request' ? REQUEST_LINE : STATUS_LINE).exec(startLine);
  if (!start) return null;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers[headers.length - 1];
    if (/^[ \t]/.test(line) && last) {
      // A line that goes on, as it was allowed once: RFC 9112, section 5.2.
      last[1] = `${last[1]} ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) return null;
    headers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]);
  }
  const isRequest = side === 'request';
  return {
    method: isRequest ? (start[1] as string) : '',
    target: isRequest ? (start[2] as string) : '',
    status: isRequest ? 0 : Number(start[2]),
    headers,
    closes: closesAfter(start[isRequest ? 3 : 1] === '0', headers),
    body: bodyOf(headers, isRequest),
  };
}

/** RFC 9112, section 9.3. */
function closesAfter(isOld: boolean, headers: HttpHead['headers']): boolean {
  const said = (headerOf({ headers }, 'connection') ?? '').toLowerCase();
  return said.includes('close') || (isOld && !said.includes('keep-alive'));
}

/** RFC 9112, section 6.3, but for what only the request of a response tells. */
function bodyOf(headers: HttpHead['headers'], isRequest: boolean): HttpHead['body'] {
  const valuesOf = (wanted: string): string[] =>
    headers.flatMap(([name, value]) => (name === wanted ? value.split(',').map((part) => part.trim()) : []));
  const codings = valuesOf('transfer-encoding');
  if (codings.length > 0) {
    if (codings[codings.length - 1]?.toLowerCase() === 'chunked') return { type: 'chunked' };
    return isRequest ? null : { type: 'until-close' };
  }
  const lengths = [...new Set(valuesOf('content-length'))];
  if (lengths.length === 0) return { type: isRequest ? 'none' : 'until-close' };
  const [length = ''] = lengths;
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) return null;
  return { type: 'length', bytes: Number(length) };
}

export const headerOf = ({ headers }: Pick<HttpHead, 'headers'>, wanted: string): string | undefined =>
  headers.find(([name]) => name === wanted)?.[1];

/** The same head with these header lines in the place of those of the same names; null takes one out. Others keep their bytes. */
export function withHeaders(raw: Buffer, changed: Readonly<Record<string, string | null>>): Buffer {
  const [startLine = '', ...lines] = raw.toString('latin1').trimEnd().split(/\r?\n/);
  let dropped = false;
  const kept = lines.filter((line) => {
    if (!/^[ \t]/.test(line)) dropped = line.slice(0, line.indexOf(':')).toLowerCase() in changed;
    return !dropped;
  });
  const added = Object.entries(changed).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return Buffer.from(`${[startLine, ...kept, ...added].join('\r\n')}\r\n\r\n`, 'latin1');
}
