import type { Route } from '../model/handler.ts';

export type FindRoute = (method: string, path: string) => Route | undefined;

/** Finds the route for a request. Exact paths win over patterns; among patterns the first one declared wins. */
export function createRouteFinder(routes: readonly Route[]): FindRoute {
  const exact = new Map<string, Route>();
  const patterns: { method: string; segments: string[]; route: Route }[] = [];
  for (const route of routes) {
    if (route.path.includes('/:')) patterns.push({ method: route.method, segments: route.path.split('/'), route });
    else exact.set(`${route.method} ${route.path}`, route);
  }
  return (method, path) => {
    const found = exact.get(`${method} ${path}`);
    if (found || patterns.length === 0) return found;
    const segments = path.split('/');
    return patterns.find(
      (pattern) =>
        pattern.method === method &&
        pattern.segments.length === segments.length &&
        pattern.segments.every((segment, i) =>
          segment.startsWith(':') ? segments[i] !== '' : segment === segments[i],
        ),
    )?.route;
  };
}

/** The path of a request target, without its query. */
export const pathOf = (target: string): string => {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
};
