import { expect, it } from 'vitest';
import type { EdgeStatus } from '../../engine/api/types.ts';
import { amplificationNote, breakerNote } from './edge-notes.ts';

const edge = (measures: EdgeStatus['measures']): EdgeStatus => ({ measures }) as EdgeStatus;

it('says when more attempts are made than requests, or fewer', () => {
  expect(amplificationNote(edge({ amplification: 1.348 }))).toBe('1.35 × attempts');
  expect(amplificationNote(edge({ amplification: 0.1 }))).toBe('0.10 × attempts');
});

it('says nothing while each request is one attempt, or nobody counts', () => {
  for (const status of [edge({ amplification: 1 }), edge({ amplification: null }), edge({}), undefined])
    expect(amplificationNote(status)).toBe('');
});

it('names the state of a breaker that keeps calls back', () => {
  expect(breakerNote(edge({ breaker: 2 }))).toBe('breaker open');
  expect(breakerNote(edge({ breaker: 1 }))).toBe('breaker half-open');
  expect(breakerNote(edge({ breaker: 0 }))).toBeNull();
  expect(breakerNote(edge({}))).toBeNull();
});
