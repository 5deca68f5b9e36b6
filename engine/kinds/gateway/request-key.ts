import type { IncomingMessage } from 'node:http';
import type { HashKey } from '../../model/balancing.ts';
import { pathOf } from '../../model/routes.ts';

/** What consistent hashing goes by. Undefined when the request does not have it. */
export function hashKeyOf(incoming: IncomingMessage, key: HashKey): string | undefined {
  switch (key.source) {
    case 'path':
      return pathOf(incoming.url ?? '/');
    case 'header': {
      const value = incoming.headers[key.name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    }
    case 'cookie':
      return cookieOf(incoming, key.name);
  }
}

/** The value of a cookie that the request carries; RFC 6265, section 5.4. */
export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** Until the browser closes, for the whole site, out of reach of scripts. */
export const stickyCookie = (name: string, replica: number): string =>
  `${name}=${replica}; Path=/; HttpOnly; SameSite=Lax`;
