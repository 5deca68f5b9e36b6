import type { DocumentError, KindCheckContext } from '../model/definition.ts';
import type { Protocol } from '../model/edge.ts';
import type { Route } from '../model/handler.ts';
import { checkCode } from './code-check.ts';

const needs: Record<'query' | 'call', Protocol> = { query: 'postgres', call: 'http' };

/** Every step that uses an edge must use one that leaves its own node and speaks the step's protocol. */
export function checkSteps(
  routes: readonly Route[],
  path: string,
  { node, outgoing }: KindCheckContext,
): DocumentError[] {
  const errors: DocumentError[] = [];
  routes.forEach((route, routeIndex) => {
    route.steps.forEach((step, stepIndex) => {
      if (step.do === 'code')
        errors.push(...checkCode(step.source, `${path}[${routeIndex}].steps[${stepIndex}].source`));
      if (step.do !== 'query' && step.do !== 'call') return;
      const at = `${path}[${routeIndex}].steps[${stepIndex}].edge`;
      const wanted = needs[step.do];
      const found = outgoing.find(({ edge }) => edge.id === step.edge);
      const usable = outgoing.filter(({ protocol }) => protocol === wanted).map(({ edge }) => `"${edge.id}"`);
      const nextStep =
        usable.length > 0
          ? `Use one of ${usable.join(', ')}.`
          : `Connect "${node.id}" to a node that accepts ${wanted}.`;
      if (!found) errors.push({ path: at, message: `no edge "${step.edge}" leaves node "${node.id}"`, nextStep });
      else if (found.protocol !== wanted)
        errors.push({
          path: at,
          message: `edge "${step.edge}" does not carry ${wanted}, which a "${step.do}" step needs`,
          nextStep,
        });
    });
  });
  return errors;
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
