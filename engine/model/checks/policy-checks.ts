import type { DocumentError } from '../definition.ts';
import { type EdgeConfig, edgeConfigSchema } from '../edge.ts';
import type { Backoff } from '../policies.ts';
import { carriedAlong, type Outline, type OutlineEdge } from './outline.ts';

/** Policies of an edge that contradict each other, or what its callers allow: they would never do what they say. */
export function checkPolicies(outline: Outline): DocumentError[] {
  return outline.edges.flatMap((edge) => {
    const config = configOf(edge);
    if (!config) return [];
    const problems = [
      ...checkHedging(config),
      ...checkBackoff(config),
      ...checkBudget(config),
      ...checkFit(config, deadlineOf(edge, config, outline)),
      ...checkBreaker(config),
      ...checkProtocol(config, carriedAlong(outline, edge)),
    ];
    return problems.map((problem) => ({ ...problem, path: `${edge.path}.config.${problem.path}` }));
  });
}

/** Null where the schema has something against it: that is told elsewhere. */
const configOf = ({ config }: OutlineEdge): EdgeConfig | null => edgeConfigSchema.safeParse(config ?? {}).data ?? null;

const checkHedging = ({ hedging, timeoutMs }: EdgeConfig): DocumentError[] =>
  hedging && hedging.delayMs >= timeoutMs
    ? [
        {
          path: 'hedging.delayMs',
          message: `the first attempt has timed out after ${timeoutMs} ms, before a hedge would be sent`,
          nextStep: `Use less than ${timeoutMs}, or raise the timeout.`,
        },
      ]
    : [];

const checkBackoff = ({ retries }: EdgeConfig): DocumentError[] =>
  retries?.backoff.type === 'exponential' && retries.backoff.baseDelayMs > retries.backoff.maxDelayMs
    ? [
        {
          path: 'retries.backoff.baseDelayMs',
          message: `is more than the max delay of ${retries.backoff.maxDelayMs} ms`,
          nextStep: 'Lower it, or raise the max delay.',
        },
      ]
    : [];

const checkBudget = ({ retries }: EdgeConfig): DocumentError[] =>
  retries?.budget && retries.budget.ratio === 0 && retries.budget.minPerSec === 0
    ? [
        {
          path: 'retries.budget',
          message: 'is never filled, so there are no retries once its burst is used up',
          nextStep: 'Raise the ratio or the minimum, or turn the retries off.',
        },
      ]
    : [];

/** Whatever ends first: the deadline of the edge itself, or the longest that one of the callers allows, if all say it. */
function deadlineOf(
  { source }: OutlineEdge,
  { deadlineMs }: EdgeConfig,
  outline: Outline,
): { ms: number; who: string } | null {
  const own = deadlineMs ? { ms: deadlineMs, who: 'the deadline' } : null;
  const incoming = outline.edges.filter(({ target }) => target !== null && target === source).map(configOf);
  if (incoming.length === 0 || !incoming.every((config) => config?.propagateDeadline)) return own;
  const allowedMs = incoming.map((config) => Math.min(config?.timeoutMs ?? 0, config?.deadlineMs ?? Number.MAX_VALUE));
  const callers = { ms: Math.max(...allowedMs), who: `what the callers of "${source}" allow` };
  return own && own.ms <= callers.ms ? own : callers;
}

function checkFit({ retries, timeoutMs }: EdgeConfig, deadline: { ms: number; who: string } | null): DocumentError[] {
  if (!retries?.on.includes('timeout') || !deadline) return [];
  const others = retries.maxAttempts - 1;
  const lastMs = others * (timeoutMs + shortestMs(retries.backoff));
  if (lastMs < deadline.ms) return [];
  return [
    {
      path: 'retries.maxAttempts',
      message: `when the attempts before it time out, attempt ${retries.maxAttempts} would begin after ${lastMs} ms, and ${deadline.who} is ${deadline.ms} ms`,
      nextStep: 'Use fewer attempts or a shorter timeout, raise the deadline, or do not retry on "timeout".',
    },
  ];
}

/** Full jitter may draw 0. */
const shortestMs = (backoff: Backoff): number => (backoff.type === 'fixed' ? backoff.delayMs : 0);

function checkBreaker({ circuitBreaker, rateLimiter }: EdgeConfig): DocumentError[] {
  if (circuitBreaker?.trip.type !== 'failure-ratio' || !rateLimiter) return [];
  const { windowMs, minSamples } = circuitBreaker.trip;
  const most = Math.floor((rateLimiter.ratePerSec * windowMs) / 1000) + rateLimiter.burst;
  if (most >= minSamples) return [];
  return [
    {
      path: 'circuitBreaker.trip.minSamples',
      message: `the rate limiter lets at most ${most} calls through in a window, so the circuit breaker could never open`,
      nextStep: `Use at most ${most}, or lengthen the window.`,
    },
  ];
}

/** What only HTTP has a place for. */
function checkProtocol(config: EdgeConfig, protocol: string | null): DocumentError[] {
  if (protocol === null || protocol === 'http') return [];
  if (!config.propagateDeadline) return [];
  const message = `a request of ${protocol} has no place for how long its caller waits`;
  return [{ path: 'propagateDeadline', message, nextStep: 'Turn it off.' }];
}
