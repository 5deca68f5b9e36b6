import type { ProbeResult } from '../api/types.ts';
import type { Tolerance } from '../model/tolerance.ts';

type Unit = ProbeResult['unit'];

const digits: Record<Unit, number> = { ratio: 4, ms: 1, 'per second': 1, count: 2, times: 2, bytes: 0, none: 4 };
const names: Partial<Record<Unit, string>> = {
  ms: ' ms',
  'per second': ' per second',
  times: ' times',
  bytes: ' bytes',
};
const LONGEST = 160;

const withUnit = (value: number, unit: Unit): string => `${Number(value.toFixed(digits[unit]))}${names[unit] ?? ''}`;

/** Any value, short. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What was seen, in words. */
export function observedText(value: unknown, unit: Unit): string {
  if (value === null || value === undefined) return 'nothing to measure';
  return typeof value === 'number' ? withUnit(value, unit) : jsonText(value);
}

/** What a probe asks for, in words that follow on "must be". */
export function wantedText(tolerance: Tolerance, unit: Unit): string {
  if ('equals' in tolerance) return jsonText(tolerance.equals);
  if ('oneOf' in tolerance) return `one of ${tolerance.oneOf.map(jsonText).join(', ')}`;
  if ('regex' in tolerance) return `a match of /${tolerance.regex}/`;
  if ('expression' in tolerance) return `such that ${tolerance.expression}`;
  if ('jsonPath' in tolerance) {
    const { jsonPath, expect, count } = tolerance;
    const found = [
      expect === undefined ? '' : jsonText(expect),
      count === undefined ? '' : `${count} ${count === 1 ? 'value' : 'values'}`,
    ].filter(Boolean);
    return `such that ${jsonPath} finds ${found.join(' and ') || 'something'}`;
  }
  const { min, max } = tolerance;
  return [
    min === undefined ? '' : `at least ${withUnit(min, unit)}`,
    max === undefined ? '' : `at most ${withUnit(max, unit)}`,
  ]
    .filter(Boolean)
    .join(' and ');
}
