import type { DocumentError } from '../definition.ts';
import { parseExpression } from '../expression.ts';
import { parseJsonPath } from '../json-path-query.ts';
import { probeDefinition } from '../probe.ts';
import { expressionNames } from '../tolerance.ts';
import { type Loose, object, text } from './outline.ts';

/** Measures whose values are never numbers: no range can hold for them. */
const isWord = ({ type, read }: Loose): boolean => type === 'conservation' || (type === 'process' && read !== 'ready');

const isNeverNegative = ({ type, read }: Loose): boolean =>
  type !== 'metric' && type !== 'sql' && !(type === 'http' && read === 'body');

/** A tolerance that the measure of a probe can keep to, and whose patterns, paths and expressions can be read. */
export function checkTolerance(probe: Loose, path: string): DocumentError[] {
  const [measure, tolerance] = [object(probe.measure), object(probe.tolerance)];
  const definition = probeDefinition(text(measure.type) ?? '');
  if (!definition) return [];
  const problem = (message: string, nextStep: string): DocumentError[] => [{ path, message, nextStep }];
  const isRange = 'min' in tolerance || 'max' in tolerance;
  const isOther = ['equals', 'oneOf', 'regex', 'jsonPath', 'expression'].some((form) => form in tolerance);

  if (definition.by !== 'look' && isOther)
    return problem(`"${text(measure.type)}" is a number with a statistical error`, 'Give it "min", "max" or both.');
  if (isRange && isWord(measure))
    return problem(`can never hold: "${text(measure.type)}" is no number here`, 'Write { "equals": … }.');
  if (typeof tolerance.max === 'number' && tolerance.max < 0 && isNeverNegative(measure))
    return problem(`can never hold: "${text(measure.type)}" is never below 0`, 'Raise "max".');
  const isRatio = measure.type === 'success-ratio' || measure.type === 'blast-radius';
  if (isRatio && typeof tolerance.min === 'number' && tolerance.min > 1)
    return problem('can never hold: a ratio is 0 to 1', 'Write 0.99 for 99 %.');

  try {
    if (text(tolerance.regex)) new RegExp(String(tolerance.regex), 'u');
    if (text(tolerance.jsonPath)) parseJsonPath(String(tolerance.jsonPath));
    if (text(tolerance.expression)) parseExpression(String(tolerance.expression), expressionNames);
  } catch (error) {
    return problem(`cannot be read: ${(error as Error).message}`, 'Correct it there.');
  }
  return [];
}
