import { ArchipelError } from '../../model/error.ts';
import type { Address, Login } from './connection.ts';

const plainModes = ['disable', 'allow', 'prefer'];

/** Address and login of the user's own server. */
export function parseDatabaseUrl(text: string): Address & { login: Login } {
  const url = tryUrl(text);
  if (!url?.hostname) throw refuse('is no URL with a host', 'Write it as postgres://user:password@host:5432/database.');
  for (const [name, value] of url.searchParams) {
    if (name !== 'sslmode')
      throw refuse(
        `has the parameter "${name}", which Archipel does not know`,
        'Leave it out: only "sslmode" is read.',
      );
    if (!plainModes.includes(value))
      throw refuse(
        `asks for TLS (sslmode=${value}), and the links of a topology carry plain connections only`,
        'Use a server that takes plain connections, such as one on this machine or behind a tunnel, with sslmode=disable.',
      );
  }
  const user = decode(url.username) || 'postgres';
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || 5432,
    login: { user, password: decode(url.password), database: decode(url.pathname.slice(1)) || user },
  };
}

function tryUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse('has a "%" that starts no escape', 'Write "%25" for a "%" in a user name or password.');
  }
}

/** Without the URL itself: it may hold a password, and errors end up in logs. */
function refuse(what: string, nextStep: string): ArchipelError {
  return new ArchipelError('database-unavailable', `the database's URL ${what}`, nextStep);
}
