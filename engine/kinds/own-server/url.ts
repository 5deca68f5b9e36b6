import { ArchipelError, type ErrorCode } from '../../model/error.ts';
import type { WiredEdge } from '../../process-kit/protocol.ts';

export interface ServerAddress {
  host: string;
  port: number;
  /** What a path names: a database, a virtual host. Empty where nothing is named. */
  login: NonNullable<WiredEdge['login']>;
}

/** What a URL of such a server looks like, and how it is refused. */
export interface ServerUrl {
  defaultPort: number;
  code: ErrorCode;
  /** "the Redis server" */
  what: string;
  /** Says how to write it. */
  nextStep: string;
}

/** Address and login of the user's own server. Errors do not name the URL: it may hold a password, and errors end up in logs. */
export function parseServerUrl(text: string, { defaultPort, code, what, nextStep }: ServerUrl): ServerAddress {
  const refuse = (why: string) => new ArchipelError(code, `the URL of ${what} ${why}`, nextStep);
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse('has a "%" that starts no escape');
    }
  };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('is no URL with a host');
  }
  if (!url.hostname) throw refuse('is no URL with a host');
  if (url.search) throw refuse('has parameters, and Archipel knows none');
  return {
    // An IPv6 address stands in brackets in a URL only.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || defaultPort,
    login: {
      user: decode(url.username),
      password: decode(url.password),
      database: decode(url.pathname.slice(1)),
    },
  };
}
