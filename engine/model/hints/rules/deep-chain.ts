import type { HintRule } from '../hint.ts';
import { proofOf } from '../proof.ts';
import type { Hop } from '../sight.ts';

/** Calls in a row that each wait for the next, the one of the client included. */
const DEEP = 5;

/** A request that waits through a long row of processes: it is as slow as their sum, and as available as their product. */
export const deepChain: HintRule = {
  rule: 'deep-chain',
  title: 'Deep synchronous chain',
  find(sight) {
    const chains = new Map<string, { hop: Hop; journeys: (typeof sight.journeys)[number][] }>();
    for (const journey of sight.journeys) {
      const needed = journey.hops.filter((hop) => hop.needed);
      const deepest = needed.reduce<Hop | null>(
        (best, hop) => (hop.way.length > (best?.way.length ?? 0) ? hop : best),
        null,
      );
      if (!deepest || deepest.way.length < DEEP) continue;
      const key = deepest.way.map(({ id }) => id).join(' ');
      const chain = chains.get(key) ?? { hop: deepest, journeys: [] };
      chain.journeys.push(journey);
      chains.set(key, chain);
    }
    return [...chains.values()].map(({ hop, journeys }) => {
      const { way, edge } = hop;
      const nodes = way.map(({ target }) => target);
      const last = sight.nameOf(edge.target);
      const latencyMs = Math.floor(Math.min(300, ...way.map(({ config }) => config.timeoutMs * 0.4)));
      const routes = journeys.map(({ name }) => name);
      return {
        nodes,
        edges: way.map(({ id }) => id),
        reason: `${routes.join(', ')} waits for ${nodes.length} processes in a row: ${nodes.map(sight.nameOf).join(' → ')}. Their latencies add up, and one that is slow or down makes the whole request slow or fail. With 99.9 % each, only ${percent(0.999 ** nodes.length)} of the requests would be served.`,
        advice:
          'Ask for less in a row: keep what is asked often in a cache, answer from a fallback, leave out a layer that only passes on, or do later what the answer does not need.',
        proof:
          latencyMs < 20
            ? { missing: 'A timeout on the way is so short that only failures would be seen.' }
            : proofOf(sight, {
                name: `hint-chain-${edge.id}`,
                title: `${last}, ${nodes.length} calls away, becomes slow`,
                statement: `What is slow at the end of the chain is as slow for the user: nothing on the way decouples them.`,
                journeys,
                steady: [
                  {
                    name: 'half of the requests are quick',
                    measure: { type: 'latency', percentile: 50 },
                    tolerance: { max: latencyMs * 0.8 },
                  },
                ],
                method: (durationMs) => [
                  { type: 'fault', fault: 'latency', target: { edge: edge.id }, parameters: { latencyMs }, durationMs },
                ],
                during: [
                  {
                    name: 'users wait for the end of the chain',
                    measure: { type: 'latency', percentile: 50 },
                    tolerance: { min: latencyMs },
                  },
                ],
              }),
      };
    });
  },
};

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;
