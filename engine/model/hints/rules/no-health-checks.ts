import type { HintRule } from '../hint.ts';
import { noJourney, proofOf } from '../proof.ts';
import { along } from '../sight.ts';

interface Watching {
  healthCheck?: unknown;
  passiveHealth?: unknown;
  outlierEjection?: unknown;
}

/** A gateway that goes on sending to a replica that does not answer. */
export const noHealthChecks: HintRule = {
  rule: 'no-health-checks',
  title: 'Replicas without health checks',
  find(sight) {
    return sight.document.edges.flatMap((edge) => {
      const gateway = sight.node(edge.source);
      const definition = sight.definitionOf(gateway);
      if (!gateway || !definition || !('healthCheck' in definition.config.shape)) return [];
      const { healthCheck, passiveHealth, outlierEjection } = gateway.config as Watching;
      const replicas = sight.replicasOf(edge.target);
      // With retries another replica may answer.
      if (healthCheck || passiveHealth || outlierEjection || edge.config.retries || replicas < 2) return [];
      const target = sight.nameOf(edge.target);
      const journeys = along(sight, edge.id).filter(({ hops }) =>
        hops.some((hop) => hop.edge.id === edge.id && hop.needed),
      );
      return [
        {
          nodes: [gateway.id, edge.target],
          edges: [edge.id],
          reason: `${gateway.name} shares its requests between ${replicas} replicas of ${target} and never looks whether they answer. One that hangs or is down goes on getting its share: about one request in ${replicas} fails, however many healthy ones there are.`,
          advice: `Give ${gateway.name} active health checks, or passive ones or outlier ejection, which cost no requests of their own.`,
          proof:
            journeys.length === 0
              ? noJourney(`along ${edge.id}`)
              : !sight.canSuffer(edge.target, 'kill')
                ? { missing: `No fault can be put on ${target}.` }
                : proofOf(sight, {
                    name: `hint-unwatched-${edge.target}`,
                    title: `One of ${replicas} replicas of ${target} is down`,
                    statement: `While one replica is down, its share of the requests fails, though ${replicas - 1 === 1 ? 'another one is' : `${replicas - 1} others are`} healthy.`,
                    journeys,
                    method: (durationMs) => [
                      {
                        type: 'fault',
                        fault: 'kill',
                        target: { node: edge.target, replica: 0 },
                        durationMs: durationMs * 2,
                      },
                    ],
                    during: [
                      {
                        name: 'a share of the requests fails',
                        measure: { type: 'success-ratio' },
                        tolerance: { max: 1 - 0.5 / replicas },
                      },
                    ],
                  }),
        },
      ];
    });
  },
};
