import { ArchipelError } from '../../model/error.ts';
import type { WiredEdge } from '../../process-kit/protocol.ts';

/** Address and login of the user's own server. */
export function parseRabbitUrl(text: string): { host: string; port: number; login: NonNullable<WiredEdge['login']> } {
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
    port: Number(url.port) || 5672,
    login: {
      user: decode(url.username),
      password: decode(url.password),
      database: decode(url.pathname.slice(1)),
    },
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
    'rabbitmq-unavailable',
    `the URL of the RabbitMQ server ${what}`,
    'Write it as amqp://user:password@host:5672/vhost; user, password, port and virtual host may be left out.',
  );
