import type { DocumentError, KindCheckContext } from '../model/definition.ts';
import type { Protocol } from '../model/edge.ts';
import type { Route, Step } from '../model/handler.ts';
import { checkCacheStep } from './cache-check.ts';
import { checkCode } from './code-check.ts';

const needs = { query: 'postgres', call: 'http', cache: 'redis' } as const satisfies Partial<
  Record<Step['do'], Protocol>
>;

/** Every step that uses an edge must use one that leaves its own node and speaks the step's protocol. */
export const checkSteps = (routes: readonly Route[], path: string, context: KindCheckContext): DocumentError[] =>
  routes.flatMap(({ steps }, index) => checkStepsOf(steps, `${path}[${index}].steps`, context));

const checkStepsOf = (steps: readonly Step[], path: string, context: KindCheckContext): DocumentError[] =>
  steps.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    switch (step.do) {
      case 'code':
        return checkCode(step.source, `${at}.source`);
      case 'query':
      case 'call':
        return checkEdge(step, at, context);
      case 'cache':
        return [
          ...checkEdge(step, at, context),
          ...checkCacheStep(step, at),
          ...checkStepsOf(step.steps, `${at}.steps`, context),
        ];
      default:
        return [];
    }
  });

function checkEdge(
  step: { do: keyof typeof needs; edge: string },
  at: string,
  { node, outgoing }: KindCheckContext,
): DocumentError[] {
  const path = `${at}.edge`;
  const wanted = needs[step.do];
  const found = outgoing.find(({ edge }) => edge.id === step.edge);
  if (found?.protocol === wanted) return [];
  const usable = outgoing.filter(({ protocol }) => protocol === wanted).map(({ edge }) => `"${edge.id}"`);
  const nextStep =
    usable.length > 0 ? `Use one of ${usable.join(', ')}.` : `Connect "${node.id}" to a node that accepts ${wanted}.`;
  const message = found
    ? `edge "${step.edge}" does not carry ${wanted}, which a "${step.do}" step needs`
    : `no edge "${step.edge}" leaves node "${node.id}"`;
  return [{ path, message, nextStep }];
}

/** Two routes of one process must differ, or the second is never reached. */
export function checkRoutesDiffer(routes: readonly { route: Route; path: string }[]): DocumentError[] {
  const seen = new Map<string, string>();
  const errors: DocumentError[] = [];
  for (const { route, path } of routes) {
    const key = `${route.method} ${route.path.replace(/:[^/]+/g, ':')}`;
    const first = seen.get(key);
    if (first)
      errors.push({
        path,
        message: `${route.method} ${route.path} is handled already at ${first}`,
        nextStep: 'Remove one of the two or change its path.',
      });
    else seen.set(key, path);
  }
  return errors;
}
