import { ArchipelError } from '../../model/error.ts';
import type { WiredEdge } from '../../process-kit/protocol.ts';

/** Address and login of the user's own server. */
export function parseRedisUrl(text: string): { host: string; port: number; login: NonNullable<WiredEdge['login']> } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('is no URL with a host');
  }
  if (!url.hostname) throw refuse('is no URL with a host');
  if (url.search) throw refuse('has parameters, and Archipel knows none');
  const database = url.pathname.slice(1);
  if (database !== '' && !/^\d{1,4}$/.test(database))
    throw refuse(`names the database "${database}", which is no number`);
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || 6379,
    login: { user: decode(url.username), password: decode(url.password), database },
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('has a "%" that starts no escape');
  }
}

/** Without the URL itself: it may hold a password, and errors end up in logs. */
const refuse = (what: string): ArchipelError =>
  new ArchipelError(
    'redis-unavailable',
    `the URL of the Redis server ${what}`,
    'Write it as redis://user:password@host:6379/0; user, password, port and database may be left out.',
  );
