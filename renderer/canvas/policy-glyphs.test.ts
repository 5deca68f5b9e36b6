import { expect, it } from 'vitest';
import { edgeConfigSchema } from '../../engine/model/edge.ts';
import { policyGlyphs } from './policy-glyphs.ts';

const glyphs = (config: object) => policyGlyphs(edgeConfigSchema.parse(config));

it('an edge always tells its timeout, and the policies that are on', () => {
  expect(glyphs({}).map(({ policy }) => policy)).toEqual(['timeout']);
  expect(glyphs({ timeoutMs: 250 })[0]?.text).toBe('Timeout 250 ms for each attempt');
  const all = glyphs({ timeoutMs: 1500, retries: {}, circuitBreaker: { trip: { type: 'consecutive', failures: 3 } } });
  expect(all.map(({ text }) => text)).toEqual([
    'Timeout 1.5 s for each attempt',
    'Up to 3 attempts, exponential backoff, no retry budget',
    'Circuit breaker: opens after 3 failures in a row, for 5 s',
  ]);
});
