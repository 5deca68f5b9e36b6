import type { Distribution } from '../../distribution.ts';
import type { Step } from '../../handler.ts';
import type { HintRule } from '../hint.ts';
import { MOST_PER_SEC, noJourney, proofOf } from '../proof.ts';
import { routesOf } from '../sight.ts';

/** A queue in which requests wait longer than their callers do. */
export const oversizedQueue: HintRule = {
  rule: 'oversized-queue',
  title: 'Queue longer than the patience of its callers',
  find(sight) {
    return sight.document.nodes.flatMap((node) => {
      const slots = sight.slotsOf(node.id);
      const { queue, shedding } = node.config as { queue?: { limit: number }; shedding?: unknown };
      const callers = sight.document.edges.filter(({ target }) => target === node.id);
      if (slots === null || !queue || shedding || callers.length === 0) return [];
      const works = (routesOf(node) ?? []).map(({ steps }) => leastMs(steps)).filter((ms) => ms > 0);
      // What a request costs at least: the quickest of the routes whose work is known.
      const workMs = works.length === 0 ? 0 : Math.min(...works);
      const waitMs = (queue.limit * workMs) / slots;
      const patienceMs = Math.max(...callers.map(({ config }) => config.timeoutMs));
      if (waitMs <= patienceMs) return [];
      const replicas = Math.max(1, sight.replicasOf(node.id));
      const capacity = (slots * replicas * 1000) / Math.max(...works);
      const journeys = sight.journeys.filter(({ hops }) =>
        hops.some(({ edge, needed }) => edge.target === node.id && needed),
      );
      const own = capacity * 0.4;
      const factor = 5;
      return [
        {
          nodes: [node.id],
          edges: callers.map(({ id }) => id),
          reason: `A request costs ${node.name} ${round(workMs)} ms or more, so the last of ${queue.limit} that may wait for ${slots === 1 ? 'its one slot' : `its ${slots} slots`} waits at least ${round(waitMs / 1000)} s. Its caller has given up after ${round(patienceMs / 1000)} s: under too much load everybody waits, and few get an answer.`,
          advice: `Let at most ${Math.max(1, Math.floor((patienceMs * slots) / workMs / 2))} wait, or switch load shedding on: who cannot be served in time is told so at once.`,
          proof:
            journeys.length === 0
              ? noJourney(`that need ${node.name}`)
              : own * factor > MOST_PER_SEC || own < 2 || patienceMs > 10_000
                ? {
                    missing: `${node.name} can do ${round(capacity)} requests per second: no load of a proof shows its queue in time.`,
                  }
                : proofOf(sight, {
                    name: `hint-queue-${node.id}`,
                    title: `Twice as much as ${node.name} can do`,
                    statement: `Under too much load requests wait in ${node.name} for a large part of their callers' patience instead of being refused at once.`,
                    journeys,
                    exactRatePerSec: own,
                    durationMs: Math.round(patienceMs * 2 + 2000),
                    recoveryWithinMs: 30_000,
                    method: (durationMs) => [
                      {
                        type: 'fault',
                        fault: 'spike',
                        target: { node: (journeys[0] as (typeof journeys)[number]).client },
                        parameters: { factor },
                        durationMs,
                      },
                    ],
                    during: [
                      {
                        name: 'users wait in the queue',
                        measure: { type: 'latency', percentile: 50 },
                        tolerance: { min: Math.round(patienceMs * 0.4) },
                      },
                    ],
                  }),
        },
      ];
    });
  },
};

/** What the steps take at least, as far as they tell: calls and queries may take longer. */
const leastMs = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => sum + ('duration' in step ? meanMs(step.duration) : 0), 0);

function meanMs(duration: Distribution): number {
  switch (duration.type) {
    case 'fixed':
      return duration.valueMs;
    case 'uniform':
      return (duration.minMs + duration.maxMs) / 2;
    case 'exponential':
      return duration.meanMs;
    case 'lognormal':
      return duration.medianMs * Math.exp(duration.sigma ** 2 / 2);
    case 'empirical':
      return duration.percentiles.reduce((sum, point, index) => {
        const before = duration.percentiles[index - 1];
        return before
          ? sum + ((point.percentile - before.percentile) / 100) * ((point.valueMs + before.valueMs) / 2)
          : sum;
      }, 0);
  }
}

const round = (value: number): number => Number(value.toFixed(value < 10 ? 1 : 0));
