import type { Catalogue, KindDefinition } from '../definition.ts';
import { carriedBetween } from '../dialling.ts';
import type { ArchipelDocument, ArchipelEdge, ArchipelNode } from '../document.ts';
import type { Protocol } from '../edge.ts';
import { planOf } from '../executors/index.ts';
import { outgoingEdges } from '../graph.ts';
import type { Route, ServerModule, Step } from '../handler.ts';
import { replicaCount } from '../replica-count.ts';
import { createRouteFinder } from '../routes.ts';
import { routeName } from '../scenario.ts';
import type { TrafficRoute } from '../traffic-route.ts';

export type CacheStep = Extract<Step, { do: 'cache' }>;

/** A call on the way of a request. */
export interface Hop {
  edge: ArchipelEdge;
  method: string;
  path: string;
  /** Edges from the client up to this one, this one included. */
  way: readonly ArchipelEdge[];
  /** Without an answer to it the request fails: no fallback, no cache that can be done without, stands before it. */
  needed: boolean;
  /** What is asked of a cache. */
  cache: CacheStep | null;
}

/** One route of the traffic, and all calls that a request on it may cause. What code calls is not known. */
export interface Journey {
  scenario: string;
  client: string;
  name: string;
  route: TrafficRoute;
  /** Highest planned rate of it; null where the scenario plans none, such as one of virtual users. */
  ratePerSec: number | null;
  hops: readonly Hop[];
}

/** A document as the rules look at it. Configs have their defaults. */
export interface HintSight {
  document: ArchipelDocument;
  node(id: string): ArchipelNode | undefined;
  nameOf(id: string): string;
  definitionOf(node: ArchipelNode | undefined): KindDefinition | undefined;
  /** How many processes it has at least. */
  replicasOf(id: string): number;
  /** Requests that one of its processes handles at once; null: no limit. */
  slotsOf(id: string): number | null;
  /** What is spoken where it is dialled: of a delivery, by its broker. */
  protocolOf(edge: ArchipelEdge): Protocol | null;
  /** Whether this fault can be put on its processes: its kind takes it, and the server is one that Archipel starts. */
  canSuffer(id: string, fault: string): boolean;
  /** Routes of all scenarios; of routes that several scenarios send, the one with the highest rate. */
  journeys: readonly Journey[];
}

const DEEPEST = 32;
/** Calls that branch again and again are followed so far. */
const MOST_HOPS = 2000;

export function sightOf(document: ArchipelDocument, catalogue: Catalogue): HintSight {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const definitionOf = (node: ArchipelNode | undefined): KindDefinition | undefined =>
    catalogue.kinds.find(({ kind }) => kind === node?.kind);
  const sight: Omit<HintSight, 'journeys'> = {
    document,
    node: (id) => nodes.get(id),
    nameOf: (id) => nodes.get(id)?.name ?? id,
    definitionOf,
    replicasOf(id) {
      const node = nodes.get(id);
      if (!node) return 0;
      const { autoscaling } = node.config as { autoscaling?: { minReplicas?: number } | null };
      return autoscaling?.minReplicas ?? replicaCount(definitionOf(node), node.config);
    },
    slotsOf(id) {
      const { concurrency } = (nodes.get(id)?.config ?? {}) as { concurrency?: number | null };
      return concurrency ?? null;
    },
    protocolOf: ({ source, target }) =>
      carriedBetween(definitionOf(nodes.get(source)), definitionOf(nodes.get(target))),
    canSuffer(id, fault) {
      const node = nodes.get(id);
      return node?.config.url === undefined && definitionOf(node)?.faults.includes(fault) === true;
    },
  };
  return { ...sight, journeys: journeysOf(document, sight) };
}

function journeysOf(document: ArchipelDocument, sight: Omit<HintSight, 'journeys'>): Journey[] {
  const found = new Map<string, Journey>();
  for (const scenario of document.scenarios)
    for (const source of scenario.traffic) {
      const { plan } = planOf(source);
      const weights = source.routes.reduce((sum, { weight }) => sum + weight, 0);
      const peak =
        plan.type === 'arrivals'
          ? Math.max(plan.ratePerSec.start, ...plan.ratePerSec.stages.map(({ target }) => target))
          : null;
      for (const route of source.routes) {
        const ratePerSec = peak === null ? null : (peak * route.weight) / weights;
        const key = `${source.client} ${route.edge ?? ''} ${routeName(route)}`;
        const known = found.get(key);
        if (known && (known.ratePerSec ?? 0) >= (ratePerSec ?? 0)) continue;
        const hops = hopsOf(source.client, route, document, sight);
        found.set(key, {
          ...{ scenario: scenario.name, client: source.client, name: routeName(route), route, ratePerSec, hops },
        });
      }
    }
  return [...found.values()];
}

function hopsOf(
  client: string,
  route: TrafficRoute,
  document: ArchipelDocument,
  sight: Omit<HintSight, 'journeys'>,
): Hop[] {
  const hops: Hop[] = [];
  const follow = (edgeId: string | undefined, from: Omit<Hop, 'edge'>): void => {
    const edge = document.edges.find(({ id }) => id === edgeId);
    if (!edge || from.way.includes(edge) || from.way.length >= DEEPEST || hops.length >= MOST_HOPS) return;
    const hop = { ...from, edge, way: [...from.way, edge], needed: from.needed && !edge.config.fallback };
    hops.push(hop);
    const target = sight.node(edge.target);
    if (!target || sight.protocolOf(edge) !== 'http') return;
    const steps = stepsFor(target, hop);
    if (steps) walk(steps, hop);
    else {
      const outgoing = outgoingEdges(document, target.id).map(({ id }) => id);
      const calls = sight.definitionOf(target)?.causes?.(target.config, hop, outgoing) ?? [];
      for (const { edge: next, method, path } of calls) follow(next, { ...hop, method, path, cache: null });
    }
  };
  const walk = (steps: readonly Step[], hop: Hop): void => {
    for (const step of steps)
      if (step.do === 'call') follow(step.edge, { ...hop, method: step.method, path: step.path, cache: null });
      else if (step.do === 'query') follow(step.edge, { ...hop, method: 'QUERY', path: step.sql, cache: null });
      else if (step.do === 'cache') {
        const needed = hop.needed && step.onCacheFailure === 'fail';
        follow(step.edge, { ...hop, method: 'GET', path: step.key, needed, cache: step });
        // A value that is in the cache needs none of these.
        walk(step.steps, { ...hop, needed: false });
      }
  };
  const edges = outgoingEdges(document, client);
  const first = route.edge ?? (edges.length === 1 ? edges[0]?.id : undefined);
  follow(first, { method: route.method, path: route.path, way: [], needed: true, cache: null });
  return hops;
}

/** The routes that a node answers by steps; null where its kind has none. */
export function routesOf({ config }: ArchipelNode): Route[] | null {
  const { routes, modules } = config as { routes?: Route[]; modules?: ServerModule[] };
  if (Array.isArray(routes)) return routes;
  return Array.isArray(modules) ? modules.flatMap((module) => module.routes) : null;
}

function stepsFor(node: ArchipelNode, { method, path }: { method: string; path: string }): readonly Step[] | null {
  const routes = routesOf(node);
  // A path with parameters stands for any value of them, also where the route is written with the same.
  return routes && (createRouteFinder(routes)(method, path)?.route.steps ?? []);
}

/** The journeys that go along an edge. */
export const along = ({ journeys }: Pick<HintSight, 'journeys'>, edgeId: string): Journey[] =>
  journeys.filter(({ hops }) => hops.some(({ edge }) => edge.id === edgeId));

/** The rate at which an edge is used, by the scenario that uses it most; null where none tells. */
export function rateAlong({ journeys }: Pick<HintSight, 'journeys'>, edgeId: string): number | null {
  const rates = new Map<string, number>();
  for (const { scenario, ratePerSec, hops } of journeys) {
    const calls = hops.filter(({ edge }) => edge.id === edgeId).length;
    if (ratePerSec !== null && calls > 0) rates.set(scenario, (rates.get(scenario) ?? 0) + ratePerSec * calls);
  }
  return rates.size === 0 ? null : Math.max(...rates.values());
}
