import type { HintRule } from '../hint.ts';
import { proofOf } from '../proof.ts';

/** One process that whole routes cannot do without. */
export const singlePointOfFailure: HintRule = {
  rule: 'single-point-of-failure',
  title: 'Single point of failure',
  find(sight) {
    const { document, journeys } = sight;
    const found = document.nodes.flatMap((node) => {
      const definition = sight.definitionOf(node);
      if (!definition?.accepts || sight.replicasOf(node.id) !== 1) return [];
      const callers = document.edges.filter(({ target }) => target === node.id);
      const needing = journeys.filter(({ hops }) => hops.some(({ edge, needed }) => edge.target === node.id && needed));
      // Without traffic nobody can say who needs it; and of one route among several each part is needed.
      const isNeeded = needing.length >= 2 || (needing.length === 1 && journeys.length === 1);
      if (callers.length === 0 || !isNeeded) return [];
      const without =
        needing.length === journeys.length
          ? 'no route of the traffic can'
          : `${needing.length} of ${journeys.length} routes of the traffic cannot`;
      const isStore = definition.family === 'storage';
      return [
        {
          needing,
          hint: {
            nodes: [node.id],
            edges: [],
            reason: `${node.name} is one process, and ${without} be answered without it. While it is down or being replaced, they fail.`,
            advice: isStore
              ? `Let what can do without an answer of ${node.name} do so (a fallback or a cache on the way), and practise how it comes back. More replicas do not take over for a store by themselves.`
              : `Give ${node.name} two replicas or more, and its callers a way to pass over one that is down: retries on the edge, or health checks of a gateway.`,
            proof: !sight.canSuffer(node.id, 'kill')
              ? { missing: `${node.name} is a server of your own, on which no fault is ever put.` }
              : proofOf(sight, {
                  name: `hint-kill-${node.id}`,
                  title: `Kill ${node.name}, the only one of its kind`,
                  statement: `While the one process of ${node.name} is down, the routes that need it fail.`,
                  journeys: needing,
                  recoveryWithinMs: 30_000,
                  method: (durationMs) => [
                    { type: 'fault', fault: 'kill', target: { node: node.id, replica: 0 }, durationMs },
                  ],
                  during: [
                    {
                      name: 'the routes that need it fail',
                      measure: { type: 'success-ratio' },
                      tolerance: { max: 0.2 },
                    },
                  ],
                }),
          },
        },
      ];
    });
    return found.sort((a, b) => b.needing.length - a.needing.length).map(({ hint }) => hint);
  },
};
