import { expect, it } from 'vitest';
import type { AbFigure, AbSide } from '../api/types.ts';
import { judgeExpectations } from './expectations.ts';

const side = (processes: number): AbSide => ({
  document: 'a shop',
  ...{ processes, hops: 2, settings: 20 },
  budget: { slots: 8, memoryMb: null },
});
const figure = (name: AbFigure['name'], verdict: AbFigure['verdict']): AbFigure => ({
  ...{ name, unit: 'ms', better: 'lower', a: null, b: null, change: null, effect: null, verdict },
  sentence: `said ${verdict}`,
});
const compared = {
  a: side(2),
  b: side(8),
  figures: [
    figure('p50', 'a-better'),
    figure('p95', 'b-better'),
    figure('p99', 'no-difference-shown'),
    figure('cpu-per-request', 'inconclusive'),
  ],
  isWhole: true,
};
const verdictOf = (...expected: Parameters<typeof judgeExpectations>[0]) => judgeExpectations(expected, compared);

it('passes when each figure is better on the side that was named', () => {
  expect(verdictOf({ figure: 'processes', better: 'a' }, { figure: 'p50', better: 'a' })).toEqual({
    verdict: 'passed',
    expected: [
      { figure: 'processes', better: 'a', outcome: 'shown', sentence: 'processes: A has 2, B 8' },
      { figure: 'p50', better: 'a', outcome: 'shown', sentence: 'p50: said a-better' },
    ],
  });
});

it('fails when one is better on the other side, or no better on either', () => {
  expect(verdictOf({ figure: 'p95', better: 'a' }).verdict).toBe('failed');
  expect(verdictOf({ figure: 'p50', better: 'a' }, { figure: 'p99', better: 'a' }).verdict).toBe('failed');
  expect(verdictOf({ figure: 'processes', better: 'b' }).verdict).toBe('failed');
  expect(verdictOf({ figure: 'hops', better: 'a' }).verdict).toBe('failed');
});

it('is inconclusive when a figure cannot be told, unless another one refutes it', () => {
  expect(verdictOf({ figure: 'cpu-per-request', better: 'a' }).verdict).toBe('inconclusive');
  expect(verdictOf({ figure: 'throughput', better: 'a' }).verdict).toBe('inconclusive');
  expect(verdictOf({ figure: 'cpu-per-request', better: 'a' }, { figure: 'p95', better: 'a' }).verdict).toBe('failed');
});

it('is inconclusive when no difference is shown by what is left of the runs, and fails where another one is', () => {
  const inPart = { ...compared, isWhole: false };
  expect(judgeExpectations([{ figure: 'p99', better: 'a' }], inPart).verdict).toBe('inconclusive');
  expect(judgeExpectations([{ figure: 'p50', better: 'a' }], inPart).verdict).toBe('passed');
  expect(judgeExpectations([{ figure: 'p95', better: 'a' }], inPart).verdict).toBe('failed');
});

it('gives no verdict where nothing was expected', () => {
  expect(verdictOf()).toEqual({ expected: [], verdict: null });
});
