import type { HintRule } from '../hint.ts';
import { MOST_PER_SEC, proofOf } from '../proof.ts';
import { along, rateAlong } from '../sight.ts';

/** Longer than anybody waits for an answer. */
const NOBODY_WAITS_MS = 10_000;

/**
 * A timeout that keeps nothing from harm. By Little's law a callee that hangs holds `rate × timeout` calls at a time; when a
 * caller has fewer slots than that, all of it stops.
 */
export const longTimeout: HintRule = {
  rule: 'long-timeout',
  title: 'No timeout that protects the caller',
  find(sight) {
    return sight.document.edges.flatMap((edge) => {
      const { timeoutMs, deadlineMs, bulkhead, circuitBreaker } = edge.config;
      const [caller, callee] = [sight.nameOf(edge.source), sight.nameOf(edge.target)];
      const slots = sight.slotsOf(edge.source);
      const replicas = sight.replicasOf(edge.source);
      const patienceMs = Math.min(timeoutMs, deadlineMs ?? timeoutMs);
      const isProgram = sight.definitionOf(sight.node(edge.source))?.accepts === 'http';
      if (!isProgram || replicas === 0 || circuitBreaker) return [];
      if (slots !== null && bulkhead && bulkhead.maxConcurrent < slots) return [];
      const ratePerSec = rateAlong(sight, edge.id);
      const held = ((ratePerSec ?? 0) * patienceMs) / 1000;
      const fills = slots !== null && held > slots * replicas;
      if (!fills && patienceMs < NOBODY_WAITS_MS) return [];
      const journeys = along(sight, edge.id);
      const holdMs = Math.round(Math.min(patienceMs * 0.8, 3000));
      const allSlots = (slots ?? 0) * replicas;
      const needed = slots === null ? 0 : (1.5 * allSlots * 1000) / holdMs;
      const common = {
        name: `hint-slow-${edge.id}`,
        journeys,
        durationMs: holdMs * 2 + 2000,
        method: (durationMs: number) => [
          { type: 'fault', fault: 'latency', target: { edge: edge.id }, parameters: { latencyMs: holdMs }, durationMs },
        ],
      };
      return [
        {
          nodes: [edge.source],
          edges: [edge.id],
          reason: fills
            ? `${caller} gives a call to ${callee} up only after ${seconds(patienceMs)}, and ${round(ratePerSec ?? 0)} calls a second go that way. If ${callee} hangs, ${round(held)} of them are held at a time, and ${caller} has ${allSlots} ${allSlots === 1 ? 'slot' : 'slots'}: everything that it does stops, also what has nothing to do with ${callee}.`
            : `${caller} gives a call to ${callee} up only after ${seconds(patienceMs)}, longer than anybody waits for an answer. If ${callee} hangs, so does every request that needs it, with all that it holds.`,
          advice: `Set the timeout a little above what ${callee} needs at its p99. A bulkhead smaller than the slots of ${caller}, or a circuit breaker, bounds the harm besides.`,
          proof:
            journeys.length === 0
              ? { missing: `No scenario sends requests along ${edge.id}. Add such a route to a scenario.` }
              : needed > MOST_PER_SEC
                ? {
                    missing: `It would take ${Math.ceil(needed)} requests per second to fill ${allSlots} slots, more than a proof sends.`,
                  }
                : proofOf(sight, {
                    ...common,
                    ratePerSec: needed,
                    title: `${callee} becomes slow, and ${caller} waits for it`,
                    statement: fills
                      ? `While ${callee} takes ${seconds(holdMs)}, every slot of ${caller} is held, and other requests wait.`
                      : `While ${callee} takes ${seconds(holdMs)}, ${caller} waits as long with every request.`,
                    during:
                      slots !== null && fills
                        ? [
                            {
                              name: `all slots of ${caller} are held`,
                              measure: { type: 'metric', path: `nodes.${edge.source}.busySlots`, over: 'max' },
                              tolerance: { min: allSlots },
                            },
                            {
                              name: `requests wait for a slot of ${caller}`,
                              measure: { type: 'metric', path: `nodes.${edge.source}.waiting`, over: 'max' },
                              tolerance: { min: 1 },
                            },
                          ]
                        : [
                            {
                              name: 'users wait as long as the callee takes',
                              measure: { type: 'latency', percentile: 50 },
                              tolerance: { min: Math.round(holdMs * 0.9) },
                            },
                          ],
                  }),
        },
      ];
    });
  },
};

const round = (value: number): number => Math.round(value);
const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`);
