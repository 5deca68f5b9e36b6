import type { HintRule } from '../hint.ts';
import { MOST_PER_SEC, noJourney, proofOf } from '../proof.ts';
import { along } from '../sight.ts';

/** A pool of connections with fewer places than the caller has requests at a time. */
export const smallPool: HintRule = {
  rule: 'small-pool',
  title: 'Pool smaller than the concurrency of its callers',
  find(sight) {
    return sight.document.edges.flatMap((edge) => {
      const protocol = sight.protocolOf(edge);
      // Of HTTP each replica of the target has connections of its own, and a gateway may have many targets.
      if (protocol !== 'postgres' && protocol !== 'redis') return [];
      const { maxConnections, bulkhead, timeoutMs, deadlineMs } = edge.config;
      const slots = sight.slotsOf(edge.source);
      if (slots === null || slots <= maxConnections || (bulkhead && bulkhead.maxConcurrent <= maxConnections))
        return [];
      const [caller, callee] = [sight.nameOf(edge.source), sight.nameOf(edge.target)];
      const replicas = Math.max(1, sight.replicasOf(edge.source));
      const journeys = along(sight, edge.id);
      const holdMs = Math.floor(Math.min(1000, Math.min(timeoutMs, deadlineMs ?? timeoutMs) * 0.4));
      const ratePerSec = (2 * maxConnections * replicas * 1000) / Math.max(1, holdMs);
      return [
        {
          nodes: [edge.source, edge.target],
          edges: [edge.id],
          reason: `Each process of ${caller} handles ${slots} requests at a time, and its pool towards ${callee} has ${maxConnections} ${maxConnections === 1 ? 'connection' : 'connections'}. When ${callee} slows down, the others wait for a connection inside of ${caller}, each with its slot: what looks like a slow ${callee} is a queue that nobody sees.`,
          advice: `Give the pool as many connections as ${caller} has slots, if ${callee} can carry them; or fewer slots, so that requests wait where a queue limit and load shedding can act.`,
          proof:
            journeys.length === 0
              ? noJourney(`along ${edge.id}`)
              : ratePerSec > MOST_PER_SEC || holdMs < 20
                ? {
                    missing: `It would take ${Math.ceil(ratePerSec)} requests per second to fill the pool, more than a proof sends.`,
                  }
                : proofOf(sight, {
                    name: `hint-pool-${edge.id}`,
                    title: `${callee} slows down, and the pool of ${caller} runs dry`,
                    statement: `While ${callee} takes ${holdMs} ms, requests of ${caller} wait for a connection though it has slots for them.`,
                    journeys,
                    ratePerSec,
                    method: (durationMs) => [
                      {
                        type: 'fault',
                        fault: 'latency',
                        target: { edge: edge.id },
                        parameters: { latencyMs: holdMs },
                        durationMs,
                      },
                    ],
                    during: [
                      {
                        name: 'requests wait for a connection',
                        measure: { type: 'metric', path: `edges.${edge.id}.pool-waiting`, over: 'max' },
                        tolerance: { min: 1 },
                      },
                    ],
                  }),
        },
      ];
    });
  },
};
