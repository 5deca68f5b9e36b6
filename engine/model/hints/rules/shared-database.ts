import type { HintRule } from '../hint.ts';
import { proofOf } from '../proof.ts';

/** Programs that are deployed apart and meet in one database. */
export const sharedDatabase: HintRule = {
  rule: 'shared-database',
  title: 'Shared database',
  find(sight) {
    const { document } = sight;
    return document.nodes.flatMap((node) => {
      if (sight.definitionOf(node)?.accepts !== 'postgres') return [];
      const edges = document.edges.filter(({ target }) => target === node.id);
      const callers = [...new Set(edges.map(({ source }) => source))];
      if (callers.length < 2) return [];
      const delayMs = Math.floor(Math.min(300, ...edges.map(({ config }) => config.timeoutMs * 0.4)));
      const witnesses = edges.flatMap((edge) => {
        const journey = sight.journeys.find(({ hops }) => hops.some((hop) => hop.edge.id === edge.id && hop.needed));
        return journey ? [{ caller: edge.source, journey }] : [];
      });
      const names = callers.map(sight.nameOf);
      return [
        {
          nodes: [node.id, ...callers],
          edges: edges.map(({ id }) => id),
          reason: `${names.join(', ')} share ${node.name}. A lock, a slow query or a leak of connections of one of them slows all of them, and a change of a table must fit all of them at once.`,
          advice:
            'Let one of them own the tables and the others ask it, or give each a database of its own. At least bound the connections of each by the pool of its edge.',
          proof: !sight.canSuffer(node.id, 'slow-query')
            ? { missing: `${node.name} is a server of your own, on which no fault is ever put.` }
            : witnesses.length < 2 || new Set(witnesses.map(({ caller }) => caller)).size < 2
              ? { missing: 'The scenarios send no requests that need it through two of its callers. Add such routes.' }
              : proofOf(sight, {
                  name: `hint-shared-${node.id}`,
                  title: `${node.name} becomes slow for everybody`,
                  statement: `While ${node.name} is slow, ${names.join(' and ')} are slow together, though they are deployed apart.`,
                  journeys: [...new Set(witnesses.map(({ journey }) => journey))],
                  recoveryWithinMs: 20_000,
                  steady: [
                    {
                      name: 'half of the requests are quick',
                      measure: { type: 'latency', percentile: 50 },
                      tolerance: { max: delayMs * 0.8 },
                    },
                  ],
                  method: (durationMs) => [
                    {
                      type: 'fault',
                      fault: 'slow-query',
                      target: { node: node.id, replica: 0 },
                      parameters: { delayMs },
                      durationMs: durationMs * 2,
                    },
                  ],
                  during: witnesses.map(({ caller, journey }) => ({
                    name: `${journey.name} by ${sight.nameOf(caller)} is slow`.slice(0, 160),
                    measure: { type: 'latency' as const, percentile: 50, route: journey.name },
                    tolerance: { min: delayMs },
                  })),
                }),
        },
      ];
    });
  },
};
