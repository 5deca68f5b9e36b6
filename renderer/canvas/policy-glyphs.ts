import type { ArchipelEdge } from '../../engine/model/document.ts';
import type { Backoff } from '../../engine/model/policies.ts';
import { inLanguage } from '../i18n/number.ts';
import { type Key, key, t } from '../i18n/t.ts';

export interface PolicyGlyph {
  policy: 'timeout' | 'deadline' | 'retries' | 'hedging' | 'breaker' | 'bulkhead' | 'limiter' | 'fallback';
  /** One line for the tooltip. */
  text: string;
}

const backoffs: Record<Backoff['type'], Key> = {
  exponential: key('exponential backoff'),
  fixed: key('fixed backoff'),
};

const time = (ms: number): string =>
  ms >= 1000 ? `${inLanguage(String(Number((ms / 1000).toFixed(2))))} s` : `${ms} ms`;

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
  const glyphs: PolicyGlyph[] = [
    { policy: 'timeout', text: t('Timeout {{time}} for each attempt', { time: time(timeoutMs) }) },
  ];
  if (deadlineMs)
    glyphs.push({
      policy: 'deadline',
      text: t('Deadline {{time}} for the whole request', { time: time(deadlineMs) }),
    });
  if (retries)
    glyphs.push({
      policy: 'retries',
      text: t('Up to {{maxAttempts}} attempts, {{backoff}}, {{budget}}', {
        maxAttempts: retries.maxAttempts,
        backoff: t(backoffs[retries.backoff.type]),
        budget: retries.budget
          ? t('at most {{percent}} % retries', { percent: Math.round(retries.budget.ratio * 100) })
          : t('no retry budget'),
      }),
    });
  if (hedging) glyphs.push({ policy: 'hedging', text: t('A hedge after {{time}}', { time: time(hedging.delayMs) }) });
  if (circuitBreaker)
    glyphs.push({
      policy: 'breaker',
      text:
        circuitBreaker.trip.type === 'consecutive'
          ? t('Circuit breaker: opens after {{failures}} failures in a row, for {{time}}', {
              failures: circuitBreaker.trip.failures,
              time: time(circuitBreaker.openMs),
            })
          : t('Circuit breaker: opens at {{percent}} % failures, for {{time}}', {
              percent: Math.round(circuitBreaker.trip.ratio * 100),
              time: time(circuitBreaker.openMs),
            }),
    });
  if (bulkhead)
    glyphs.push({
      policy: 'bulkhead',
      text: t('Bulkhead of {{maxConcurrent}} calls', { maxConcurrent: bulkhead.maxConcurrent }),
    });
  if (rateLimiter)
    glyphs.push({
      policy: 'limiter',
      text: t('At most {{ratePerSec}} calls/s', { ratePerSec: rateLimiter.ratePerSec }),
    });
  if (fallback)
    glyphs.push({
      policy: 'fallback',
      text: t('Falls back to an answer with status {{status}}', { status: fallback.status }),
    });
  return glyphs;
}
