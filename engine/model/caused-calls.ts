import type { Route, Step } from './handler.ts';
import { createRouteFinder } from './routes.ts';

/** A request as far as routing goes. Its path may hold templates such as `{id}`, which stand for any one segment. */
export interface RoutedRequest {
  method: string;
  path: string;
}

/** A call that answering a request causes. */
export interface CausedCall extends RoutedRequest {
  edge: string;
  /** Where the config asks for it; null where the request is only passed on. */
  at: string | null;
}

/** The calls of the route that answers a request; without one, those of all routes. */
export function callsOfRoutes(
  routes: readonly { route: Route; path: string }[],
  request: RoutedRequest | null,
): CausedCall[] {
  const answering = request
    ? [createRouteFinder(routes.map(({ route }) => route))(request.method, request.path)?.route]
    : routes.map(({ route }) => route);
  return routes
    .filter(({ route }) => answering.includes(route))
    .flatMap(({ route, path }) => callsOfSteps(route.steps, `${path}.steps`));
}

const callsOfSteps = (steps: readonly Step[], path: string): CausedCall[] =>
  steps.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    if (step.do === 'call') return [{ edge: step.edge, method: step.method, path: step.path, at }];
    return 'steps' in step ? callsOfSteps(step.steps, `${at}.steps`) : [];
  });
