import type { HintRule } from '../hint.ts';
import { MOST_PER_SEC, noJourney, proofOf } from '../proof.ts';
import { type CacheStep, type Journey, routesOf } from '../sight.ts';

/** A value that many ask for is gone, and each of them loads it. */
export const cacheStampede: HintRule = {
  rule: 'cache-without-single-flight',
  title: 'Cache without single-flight',
  find(sight) {
    return sight.document.nodes.flatMap((node) =>
      (routesOf(node) ?? [])
        .flatMap(({ steps }) => steps)
        .filter((step): step is CacheStep => step.do === 'cache')
        .filter(isUnprotected)
        .map((step) => {
          const [cache, load] = [step.edge, loadEdgeOf(step)];
          const loadEdge = sight.document.edges.find(({ id }) => id === load);
          const cacheNode = sight.document.edges.find(({ id }) => id === cache)?.target ?? '';
          const behind = loadEdge ? sight.nameOf(loadEdge.target) : 'what is behind it';
          const journeys = sight.journeys.filter(({ hops }) =>
            hops.some((hop) => hop.cache?.key === step.key && hop.edge.id === cache),
          );
          const latencyMs = Math.floor(Math.min(400, (loadEdge?.config.timeoutMs ?? 0) * 0.4));
          const replicas = Math.max(1, sight.replicasOf(node.id));
          const slots = (sight.slotsOf(node.id) ?? Number.POSITIVE_INFINITY) * replicas;
          const ratePerSec = Math.max(40, ((3 * replicas + 6) * 1000) / Math.max(1, latencyMs));
          // With single-flight each process loads once.
          const together = Math.min((ratePerSec * latencyMs) / 1000, slots);
          return {
            nodes: [node.id, cacheNode],
            edges: [cache, ...(load ? [load] : [])],
            reason: `When “${step.key}” is not in the cache, every request of ${node.name} that wants it loads it from ${behind} for itself. At the moment that a hot key expires, is evicted or the cache is lost, all that arrive while it is loaded do the same work: a stampede.`,
            advice:
              'Switch single-flight on, so that a process loads a key once; serve stale values while they are loaded anew; and spread the times to live with a jitter.',
            proof:
              !load || latencyMs < 20
                ? {
                    missing:
                      'What loads the value is no call or query that could be slowed, so that nothing would be seen.',
                  }
                : journeys.length === 0
                  ? noJourney(`that read “${step.key}”`)
                  : ratePerSec > MOST_PER_SEC || together < 2 * replicas + 2
                    ? {
                        missing: `${node.name} handles too few requests at a time for a stampede to be told from single loads.`,
                      }
                    : !sight.canSuffer(cacheNode, 'cache-flush')
                      ? { missing: 'The cache is a server of your own, on which no fault is ever put.' }
                      : proofOf(sight, {
                          name: `hint-stampede-${cache}`,
                          title: `The cache is emptied under load`,
                          statement: `When the cache is lost, ${node.name} loads one and the same value many times at once.`,
                          journeys: journeys as Journey[],
                          keys: 1,
                          ratePerSec,
                          method: (durationMs) => [
                            {
                              type: 'fault',
                              fault: 'latency',
                              target: { edge: load },
                              parameters: { latencyMs },
                              durationMs: durationMs + 2000,
                              background: true,
                            },
                            {
                              type: 'fault',
                              fault: 'cache-flush',
                              target: { node: cacheNode, replica: 0 },
                              durationMs: durationMs - 1000,
                              pauses: { beforeMs: 1000 },
                            },
                          ],
                          during: [
                            {
                              name: 'loads since the steady state',
                              measure: { type: 'metric', path: `edges.${cache}.cache-loads`, over: 'max' },
                              tolerance: { expression: `value - before >= ${Math.ceil((replicas + together) / 2)}` },
                            },
                          ],
                        }),
          };
        }),
    );
  },
};

const isUnprotected = ({ pattern, singleFlight, staleWhileRevalidateMs, steps }: CacheStep): boolean =>
  pattern === 'cache-aside' && !singleFlight && staleWhileRevalidateMs === 0 && steps.length > 0;

/** The edge by which a miss is loaded. */
function loadEdgeOf({ steps }: CacheStep): string | null {
  for (const step of steps) if (step.do === 'call' || step.do === 'query') return step.edge;
  return null;
}
