import type { CausedCall, RoutedRequest } from '../caused-calls.ts';
import type { DocumentError } from '../definition.ts';
import { joinPath } from '../json-path.ts';
import { edgesFrom, nodeById, type Outline, type OutlineNode } from './outline.ts';

/** A request at a node. */
interface Stop extends RoutedRequest {
  node: OutlineNode;
}

/** A call on the way, and where it leads. */
interface Hop {
  from: OutlineNode;
  call: CausedCall;
  to: Stop;
}

/**
 * Calls that in the end come back to the request that they began with: each waits for the next, so none is ever answered.
 * Two nodes that call each other for different requests are none. What code calls is not known.
 */
export function checkCallCycles(outline: Outline): DocumentError[] {
  const errors: DocumentError[] = [];
  const ended = new Set<string>();

  const follow = (hop: Hop, way: readonly Hop[]): void => {
    const key = keyOf(hop.to);
    const first = way.findIndex(({ to }) => keyOf(to) === key);
    if (first >= 0) {
      errors.push(cycleError([...way.slice(first + 1), hop], outline));
      return;
    }
    if (ended.has(key)) return;
    for (const next of hopsFrom(hop.to.node, hop.to, outline)) follow(next, [...way, hop]);
    ended.add(key);
  };

  for (const node of outline.nodes) for (const hop of hopsFrom(node, null, outline)) follow(hop, []);
  return errors;
}

const keyOf = ({ node, method, path }: Stop): string => JSON.stringify([node.path, method, path]);

/** The calls that a request to a node causes; without one, those of all requests that it knows. */
function hopsFrom(from: OutlineNode, request: RoutedRequest | null, outline: Outline): Hop[] {
  const { definition, config, id } = from;
  const outgoing = edgesFrom(outline, id);
  const known = outgoing.flatMap((edge) => edge.id ?? []);
  // A config that cannot be read at all causes nothing that could be known.
  const calls = config ? definition?.causes?.(config.value, request, known) : undefined;
  return (calls ?? []).flatMap((call) => {
    const node = nodeById(outline, outgoing.find((edge) => edge.id === call.edge)?.target ?? null);
    return node ? [{ from, call, to: { node, method: call.method, path: call.path } }] : [];
  });
}

/** At the first of its calls that the document makes, with the way from there. */
function cycleError(cycle: readonly Hop[], { nodes }: Outline): DocumentError {
  const placeOf = ({ from, call }: Hop): number => (call.at === null ? nodes.length : nodes.indexOf(from));
  const places = cycle.map(placeOf);
  const first = places.indexOf(Math.min(...places));
  const way = [...cycle.slice(first), ...cycle.slice(0, first)];
  const { from, call } = way[0] as Hop;
  const stops = way.map(({ to }) => `${to.node.id} ${to.method} ${to.path}`);
  return {
    path: joinPath(`${from.path}.config`, from.config?.original(call.at ?? '') ?? ''),
    message: `the calls go round in a circle and never end: ${[stops[stops.length - 1], ...stops].join(' → ')}`,
    nextStep:
      'Remove one of these calls. A timeout or a circuit breaker would end it, but every such request would fail.',
  };
}
