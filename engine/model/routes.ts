import type { Route } from './handler.ts';

export interface FoundRoute {
  route: Route;
  /** Values of its ":name" segments. */
  parameters: Record<string, string>;
}

export type FindRoute = (method: string, path: string) => FoundRoute | undefined;

const none: Record<string, string> = {};

/** Finds the route for a request. Exact paths win over patterns; among patterns the first one declared wins. */
export function createRouteFinder(routes: readonly Route[]): FindRoute {
  const exact = new Map<string, FoundRoute>();
  const patterns: { method: string; segments: string[]; route: Route }[] = [];
  for (const route of routes) {
    if (route.path.includes('/:')) patterns.push({ method: route.method, segments: route.path.split('/'), route });
    else exact.set(`${route.method} ${route.path}`, { route, parameters: none });
  }
  return (method, path) => {
    const found = exact.get(`${method} ${path}`);
    if (found || patterns.length === 0) return found;
    const segments = path.split('/');
    const pattern = patterns.find(
      (candidate) =>
        candidate.method === method &&
        candidate.segments.length === segments.length &&
        candidate.segments.every((segment, i) =>
          segment.startsWith(':') ? segments[i] !== '' : segment === segments[i],
        ),
    );
    if (!pattern) return undefined;
    const parameters: Record<string, string> = {};
    pattern.segments.forEach((segment, i) => {
      if (segment.startsWith(':')) parameters[segment.slice(1)] = decode(segments[i] as string);
    });
    return { route: pattern.route, parameters };
  };
}

/** The path of a request target, without its query. */
export const pathOf = (target: string): string => {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
};

/** The query of a request target; of a name that comes twice, the last value. */
export const queryOf = (target: string): Record<string, string> => {
  const query = target.indexOf('?');
  return query === -1 ? none : Object.fromEntries(new URLSearchParams(target.slice(query + 1)));
};

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
