import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import type { Scenario, TrafficSource } from '../model/scenario.ts';
import { type TraceEntry, traceOf } from '../model/trace.ts';

/** Arrivals of one run, by client, as they are replayed on both documents. */
export interface Workload {
  scenario: Scenario;
  arrivals: number;
  clients: string[];
}

/** The recorded arrivals as a scenario: an open model, whatever made them, so that no answer changes what is asked next. */
export function replayOf(
  scenario: Scenario,
  recorded: { clients: readonly { client: string; arrivals: readonly TraceEntry[] }[]; leftOut: number },
  durationMs: number,
): Workload {
  if (recorded.leftOut > 0)
    throw new ArchipelError(
      'wrong-state',
      `The workload has ${recorded.leftOut} arrivals more than a client keeps, and would be replayed in part only.`,
      'Measure for a shorter time, or at a lower rate.',
    );
  const sources = recorded.clients.flatMap(({ client, arrivals }): TrafficSource[] => {
    const routes = routesOf(scenario, client);
    const within = arrivals.filter(({ atMs }) => atMs < durationMs);
    if (within.length === 0) return [];
    const { problems } = traceOf(within, routes);
    const [problem] = problems;
    if (problem) throw new ArchipelError('internal', `A recorded arrival ${problem.message}.`, problem.nextStep);
    return [
      {
        executor: 'replay',
        client,
        startTimeMs: 0,
        speed: 1,
        routes,
        trace: { from: 'document', arrivals: within.map((entry) => ({ ...entry, method: methodOf(entry, routes) })) },
      },
    ];
  });
  if (sources.length === 0)
    throw new ArchipelError(
      'wrong-state',
      'No request was recorded.',
      'Use a scenario that sends some, or measure for longer.',
    );
  return {
    scenario: { ...scenario, traffic: sources },
    arrivals: sources.reduce(
      (sum, source) => sum + ('trace' in source && source.trace.from === 'document' ? source.trace.arrivals.length : 0),
      0,
    ),
    clients: sources.map(({ client }) => client),
  };
}

type Routes = TrafficSource['routes'];

/** All routes that the sources of a client take, each once. */
function routesOf({ traffic }: Scenario, client: string): Routes {
  const routes: Routes = [];
  for (const source of traffic)
    if (source.client === client)
      for (const route of source.routes)
        if (!routes.some(({ method, path }) => method === route.method && path === route.path)) routes.push(route);
  return routes;
}

const methodOf = ({ method }: TraceEntry, routes: Routes): Routes[number]['method'] =>
  routes.find((route) => route.method === method)?.method ?? 'GET';

/** Why the workload of A cannot be sent to B; empty when it can. */
export function workloadProblems({ traffic }: Scenario, b: ArchipelDocument): string[] {
  const problems: string[] = [];
  for (const client of new Set(traffic.map((source) => source.client))) {
    const node = b.nodes.find(({ id }) => id === client);
    if (node?.kind !== 'client') problems.push(`B has no client "${client}"`);
    else if (!b.edges.some(({ source }) => source === client)) problems.push(`no edge leads from "${client}" in B`);
  }
  for (const { client, routes } of traffic)
    for (const { edge } of routes)
      if (edge !== undefined && !b.edges.some(({ id, source }) => id === edge && source === client))
        problems.push(`B has no edge "${edge}" from "${client}"`);
  return [...new Set(problems)];
}
