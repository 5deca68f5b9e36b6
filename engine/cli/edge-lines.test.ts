import { expect, it } from 'vitest';
import type { RunResult } from '../api/types.ts';
import { edgeLines } from './edge-lines.ts';

const result = (edges: RunResult['edges']): RunResult => ({ edges }) as RunResult;

it('tells of edges with policies what these did, and of no others', () => {
  const measures = { amplification: 1.5, attempts: 150, retries: 50, 'retries-denied': 7, fallbacks: 0, breaker: 0 };
  const lines = edgeLines(
    result({
      'shop-auth': { requests: 100, errors: 3, measures },
      'client-shop': { requests: 100, errors: 0, measures: {} },
    }),
  );
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^shop-auth +100 +3 +150 +1\.50 +retries 50, retries denied 7$/);
});

it('says nothing where there are none', () => {
  expect(edgeLines(result({ 'client-shop': { requests: 1, errors: 0, measures: {} } }))).toEqual([]);
});
