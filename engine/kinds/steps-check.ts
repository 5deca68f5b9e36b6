import type { DocumentError, KindCheckContext } from '../model/definition.ts';
import type { Protocol } from '../model/edge.ts';
import type { Route, Step } from '../model/handler.ts';
import { messageProtocols } from '../model/message-protocols.ts';
import { checkCacheStep } from './cache-check.ts';
import { checkCode } from './code-check.ts';
import { checkPublishStep } from './publish-check.ts';

const needs = {
  query: ['postgres'],
  call: ['http'],
  cache: ['redis'],
  publish: messageProtocols,
} as const satisfies Partial<Record<Step['do'], readonly Protocol[]>>;

/** Every step that uses an edge must use one that leaves its own node and speaks the step's protocol. */
export const checkSteps = (routes: readonly Route[], path: string, context: KindCheckContext): DocumentError[] =>
  routes.flatMap(({ steps }, index) => checkStepsOf(steps, `${path}[${index}].steps`, context));

export const checkStepsOf = (steps: readonly Step[], path: string, context: KindCheckContext): DocumentError[] =>
  steps.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    switch (step.do) {
      case 'code':
        return checkCode(step.source, `${at}.source`);
      case 'query':
      case 'call':
        return checkEdge(step, at, context);
      case 'publish':
        return [...checkEdge(step, at, context), ...checkPublishStep(step, at, context)];
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
  const wanted: readonly (Protocol | null)[] = needs[step.do];
  const found = outgoing.find(({ edge }) => edge.id === step.edge);
  if (found && wanted.includes(found.protocol)) return [];
  const usable = outgoing.filter(({ protocol }) => wanted.includes(protocol)).map(({ edge }) => `"${edge.id}"`);
  const nextStep =
    usable.length > 0
      ? `Use one of ${usable.join(', ')}.`
      : `Connect "${node.id}" to a node that accepts ${wanted.join(' or ')}.`;
  const message = found
    ? `edge "${step.edge}" does not carry ${wanted.join(' or ')}, which a "${step.do}" step needs`
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
