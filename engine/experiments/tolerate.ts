import { isDeepStrictEqual } from 'node:util';
import { parseExpression, type Scope } from '../model/expression.ts';
import { parseJsonPath } from '../model/json-path-query.ts';
import { expressionNames, type Tolerance } from '../model/tolerance.ts';
import { marginOf } from './probes.ts';
import { matching, withinTime } from './within-time.ts';

export interface Judged {
  holds: boolean;
  /** Distance to the nearest bound of a range. */
  margin: number | null;
  /** Why it could not be judged, or null. */
  problem: string | null;
}

/** Holds a value against a tolerance. Scalars, patterns and paths mean what they mean to Chaos Toolkit. */
export function tolerate(value: unknown, tolerance: Tolerance, scope: Scope = {}): Judged {
  const plain = (holds: boolean): Judged => ({ holds, margin: null, problem: null });
  try {
    if ('equals' in tolerance) return plain(value === tolerance.equals);
    if ('oneOf' in tolerance) return plain(tolerance.oneOf.some((wanted) => wanted === value));
    if ('regex' in tolerance) return plain(matching(tolerance.regex, [asText(value)]).length > 0);
    if ('jsonPath' in tolerance) return plain(finds(value, tolerance));
    if ('expression' in tolerance) {
      const evaluate = parseExpression(tolerance.expression, expressionNames);
      return plain(evaluate({ ...scope, value }) === true);
    }
    if (typeof value !== 'number') return plain(false);
    const margin = marginOf(value, tolerance);
    return { holds: margin >= 0, margin, problem: null };
  } catch (error) {
    return { holds: false, margin: null, problem: `It could not be judged: ${(error as Error).message}.` };
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

function finds(value: unknown, { jsonPath, expect, count }: Extract<Tolerance, { jsonPath: string }>): boolean {
  const query = parseJsonPath(jsonPath);
  const found = withinTime(() => query(value));
  if (count !== undefined && found.length !== count) return false;
  if (expect !== undefined) return isDeepStrictEqual(found, Array.isArray(expect) ? expect : [expect]);
  return count !== undefined || found.length > 0;
}
