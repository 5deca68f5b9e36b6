import type { Protocol } from '../../edge.ts';
import type { Backoff, Retries } from '../../policies.ts';
import type { HintRule } from '../hint.ts';
import { noJourney, proofOf } from '../proof.ts';
import { along } from '../sight.ts';

const LONGEST_RETRIES_MS = 5000;

/** Retries that nothing holds back: a callee in trouble gets several times its load. */
export const retriesWithoutBudget: HintRule = {
  rule: 'retries-without-budget',
  title: 'Retries without a budget',
  find(sight) {
    return sight.document.edges.flatMap((edge) => {
      const { retries, circuitBreaker, timeoutMs } = edge.config;
      if (!retries || retries.budget || circuitBreaker) return [];
      const [caller, callee] = [sight.nameOf(edge.source), sight.nameOf(edge.target)];
      const protocol = sight.protocolOf(edge);
      const journeys = along(sight, edge.id).filter(
        ({ hops }) =>
          !retries.idempotentOnly || hops.some((hop) => hop.edge.id === edge.id && isRepeatable(hop.method, hop.path)),
      );
      const trouble = troubleFor(retries, protocol);
      const wholeMs = backoffMs(retries) + (trouble?.hangs ? retries.maxAttempts * timeoutMs : 0);
      return [
        {
          nodes: [edge.source, edge.target],
          edges: [edge.id],
          reason: `When ${callee} fails, ${caller} asks up to ${retries.maxAttempts} times for each request. Nothing bounds that, so a callee that fails because it has too much to do gets up to ${retries.maxAttempts} times its load, and stays down.`,
          advice:
            'Give the retries a budget, such as a tenth of the requests, or put a circuit breaker on the edge. Retry at one place of a chain only.',
          proof:
            journeys.length === 0
              ? noJourney(`along ${edge.id} that are retried`)
              : !trouble
                ? { missing: `No fault on an edge fails for the reasons that are retried: ${retries.on.join(', ')}.` }
                : wholeMs > LONGEST_RETRIES_MS
                  ? { missing: `All attempts take ${Math.round(wholeMs / 1000)} s, longer than a proof observes.` }
                  : proofOf(sight, {
                      name: `hint-retries-${edge.id}`,
                      title: `${callee} fails, and ${caller} asks again and again`,
                      statement: `While ${callee} cannot be reached, each request of ${caller} becomes several attempts.`,
                      journeys,
                      durationMs: 3000 + 2 * wholeMs,
                      method: (durationMs) => [
                        {
                          type: 'fault',
                          fault: trouble.fault,
                          target: { edge: edge.id },
                          parameters: trouble.parameters,
                          durationMs,
                        },
                      ],
                      during: [
                        {
                          name: 'attempts per request',
                          measure: { type: 'metric', path: `edges.${edge.id}.amplification`, over: 'max' },
                          tolerance: { min: 1 + 0.7 * (retries.maxAttempts - 1) },
                        },
                      ],
                    }),
        },
      ];
    });
  },
};

const isRepeatable = (method: string, path: string): boolean =>
  method === 'QUERY' ? /^\s*(select|with|show|values)\b/i.test(path) : method !== 'POST' && method !== 'PATCH';

interface Trouble {
  fault: string;
  parameters: Record<string, unknown>;
  hangs?: boolean;
}

/** What makes calls fail for one of the reasons that are retried. */
function troubleFor({ on }: Retries, protocol: Protocol | null): Trouble | null {
  if (on.includes('refused')) return { fault: 'refuse', parameters: { resetOpen: true } };
  if (on.includes('handler-error') && protocol === 'http') return { fault: 'http-error', parameters: { status: 503 } };
  if (on.includes('timeout')) return { fault: 'black-hole', parameters: {}, hangs: true };
  return null;
}

/** The longest time that the pauses between all attempts may take. */
function backoffMs({ backoff, maxAttempts }: Retries): number {
  let sum = 0;
  for (let retry = 0; retry < maxAttempts - 1; retry += 1) sum += pauseMs(backoff, retry);
  return sum;
}

const pauseMs = (backoff: Backoff, retry: number): number =>
  backoff.type === 'fixed' ? backoff.delayMs : Math.min(backoff.maxDelayMs, backoff.baseDelayMs * 2 ** retry);
