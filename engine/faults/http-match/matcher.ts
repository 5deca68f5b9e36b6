import { HEALTH_PATH } from '../../model/health-path.ts';
import { pathOf } from '../../model/routes.ts';
import type { HttpHead } from '../../runtime/links/http-head.ts';
import { createMatcher } from '../../wire/resp/pattern.ts';
import type { HttpMatch } from './match-schema.ts';

/** Which requests of an edge a fault acts on. It counts over all connections. */
export interface HttpMatcher {
  /** Whether it acts on this one; asked once for each, in their order. */
  acts(request: Pick<HttpHead, 'method' | 'target' | 'headers'>): boolean;
  update(match: HttpMatch): void;
  /** Requests that passed; those that fit; those of them that it was to act on. */
  measured(): { requests: number; matched: number; chosen: number };
}

/** `random` is drawn from once for each request that fits and comes at its turn. */
export function createHttpMatcher(initial: HttpMatch, probability: number, random: () => number): HttpMatcher {
  let match = initial;
  let fits = compile(initial);
  const counts = { requests: 0, matched: 0, chosen: 0 };
  return {
    acts(request) {
      counts.requests += 1;
      if (!fits(request)) return false;
      counts.matched += 1;
      const { first, everyNth } = match;
      if (first > 0 && counts.matched > first) return false;
      if (counts.matched % everyNth !== 0) return false;
      if (random() >= probability) return false;
      counts.chosen += 1;
      return true;
    },
    update(changed) {
      match = changed;
      fits = compile(changed);
    },
    measured: () => ({ ...counts }),
  };
}

/** Patterns are globs, whose cost never grows beyond the product of both lengths, whoever sends the path. */
function compile({ method, path, header }: HttpMatch): (request: Parameters<HttpMatcher['acts']>[0]) => boolean {
  const pathFits = path === '' ? (sent: string) => sent !== HEALTH_PATH : createMatcher(quoted(path));
  const [name = '', ...rest] = header.split(':');
  const wanted = name.toLowerCase();
  const valueFits = createMatcher(rest.length === 0 ? '*' : quoted(rest.join(':').trim()));
  return ({ method: sent, target, headers }) =>
    (method === 'any' || sent === method) &&
    pathFits(pathOf(target)) &&
    (header === '' || headers.some(([is, value]) => is === wanted && valueFits(value)));
}

/** A path may hold brackets, which mean nothing here. */
const quoted = (glob: string): string => glob.replace(/[[\]\\]/g, '\\$&');
