import type { ArchipelEdge } from '../../engine/model/document.ts';

export interface PolicyGlyph {
  policy: 'timeout' | 'deadline' | 'retries' | 'hedging' | 'breaker' | 'bulkhead' | 'limiter' | 'fallback';
  /** One line for the tooltip. */
  text: string;
}

const time = (ms: number): string => (ms >= 1000 ? `${Number((ms / 1000).toFixed(2))} s` : `${ms} ms`);

/** The policies of an edge that are on, in the order in which docs/policies.md names them. */
export function policyGlyphs({
  timeoutMs,
  deadlineMs,
  retries,
  hedging,
  circuitBreaker,
  bulkhead,
  rateLimiter,
  fallback,
}: ArchipelEdge['config']): PolicyGlyph[] {
  const glyphs: PolicyGlyph[] = [{ policy: 'timeout', text: `Timeout ${time(timeoutMs)} for each attempt` }];
  if (deadlineMs) glyphs.push({ policy: 'deadline', text: `Deadline ${time(deadlineMs)} for the whole request` });
  if (retries)
    glyphs.push({
      policy: 'retries',
      text: `Up to ${retries.maxAttempts} attempts, ${retries.backoff.type} backoff, ${
        retries.budget ? `at most ${Math.round(retries.budget.ratio * 100)} % retries` : 'no retry budget'
      }`,
    });
  if (hedging) glyphs.push({ policy: 'hedging', text: `A hedge after ${time(hedging.delayMs)}` });
  if (circuitBreaker)
    glyphs.push({
      policy: 'breaker',
      text: `Circuit breaker: opens ${
        circuitBreaker.trip.type === 'consecutive'
          ? `after ${circuitBreaker.trip.failures} failures in a row`
          : `at ${Math.round(circuitBreaker.trip.ratio * 100)} % failures`
      }, for ${time(circuitBreaker.openMs)}`,
    });
  if (bulkhead) glyphs.push({ policy: 'bulkhead', text: `Bulkhead of ${bulkhead.maxConcurrent} calls` });
  if (rateLimiter) glyphs.push({ policy: 'limiter', text: `At most ${rateLimiter.ratePerSec} calls/s` });
  if (fallback) glyphs.push({ policy: 'fallback', text: `Falls back to an answer with status ${fallback.status}` });
  return glyphs;
}
