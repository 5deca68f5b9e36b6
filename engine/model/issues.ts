import type { z } from 'zod';
import type { DocumentError } from './definition.ts';
import { jsonPath } from './json-path.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** What a schema has against a value: each problem with its path and a next step. */
export function schemaErrors(schema: z.ZodType, value: unknown, root = '$'): DocumentError[] {
  const knownFields = new WeakMap<object, string[]>();
  const result = schema.safeParse(value, {
    reportInput: true,
    // Not for its message: only here does an issue show the schema that it comes from.
    error: (issue) => {
      const shape = (issue.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
      if (issue.code === 'unrecognized_keys' && shape) knownFields.set(issue.input as object, Object.keys(shape));
      return undefined;
    },
  });
  return result.success ? [] : result.error.issues.flatMap((issue) => explain(issue, root, knownFields));
}

function explain(issue: Issue, root: string, knownFields: WeakMap<object, string[]>): DocumentError[] {
  const path = jsonPath(issue.path, root);
  const missing = issue.input === undefined;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownFields.get(issue.input as object) ?? [];
      return issue.keys.map((key) => {
        const meant = nearest(key, known);
        const fields = known.length > 0 ? `Known fields: ${known.join(', ')}.` : 'This object has no fields.';
        return {
          path: jsonPath([...issue.path, key], root),
          message: `unknown field "${key}"`,
          nextStep: meant ? `Did you mean "${meant}"? ${fields}` : `Remove it. ${fields}`,
        };
      });
    }
    case 'invalid_union': {
      if (issue.errors.length === 0) {
        // Here `input` is the object around, whose field at the end of the path says which form it has.
        const { options = [], discriminator = '' } = issue as { options?: unknown[]; discriminator?: string };
        const said = (issue.input as Record<string, unknown> | undefined)?.[discriminator];
        const message = said === undefined ? 'is missing' : 'is none of the known values';
        return [
          { path, message, nextStep: `Use one of ${options.map((option) => JSON.stringify(option)).join(', ')}.` },
        ];
      }
      return explainUnion(issue, path, knownFields);
    }
    case 'invalid_value':
      return [
        {
          path,
          message: missing ? 'is missing' : 'is none of the allowed values',
          nextStep: `Use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}.`,
        },
      ];
    case 'invalid_type':
      return [
        {
          path,
          message: missing ? 'is missing' : `must be ${withArticle(issue.expected)}, not ${typeName(issue.input)}`,
          nextStep: missing ? `Add ${withArticle(issue.expected)} here.` : `Write ${withArticle(issue.expected)} here.`,
        },
      ];
    case 'too_small':
      return [{ path, ...bound('at least', issue.minimum, issue.origin) }];
    case 'too_big':
      return [{ path, ...bound('at most', issue.maximum, issue.origin) }];
    default:
      return [{ path, message: lowerFirst(issue.message), nextStep: 'Correct the value.' }];
  }
}

/** Of the forms that a value may have, the one that it comes closest to says what is wrong. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: string,
  knownFields: WeakMap<object, string[]>,
): DocumentError[] {
  const branches = issue.errors.map((issues) => issues.flatMap((inner) => explain(inner, path, knownFields)));
  const unknownFields = (branch: DocumentError[]) =>
    branch.filter(({ message }) => message.startsWith('unknown field')).length;
  const ranked = [...branches].sort((a, b) => unknownFields(a) - unknownFields(b) || a.length - b.length);
  const [best, second] = ranked;
  const clear = best && (!second || unknownFields(best) < unknownFields(second) || best.length < second.length);
  if (clear) return best;
  const ways = branches.map((branch) =>
    branch.map(({ path: at, message }) => `${at.slice(path.length) || 'it'} ${message}`).join(' and '),
  );
  return [
    {
      path,
      message: 'has none of the forms that are allowed here',
      nextStep: `Correct one of these: ${ways.join('; or ')}.`,
    },
  ];
}

function bound(word: string, limit: number | bigint, origin: string): Pick<DocumentError, 'message' | 'nextStep'> {
  if (origin === 'string' && word === 'at least' && Number(limit) === 1)
    return { message: 'must not be empty', nextStep: 'Write at least one character.' };
  if (origin === 'string')
    return { message: `must have ${word} ${limit} characters`, nextStep: `Write ${word} ${limit} characters.` };
  if (origin === 'array')
    return {
      message: `must have ${word} ${limit} ${limit === 1 ? 'element' : 'elements'}`,
      nextStep: word === 'at least' ? 'Add what is missing.' : 'Remove some.',
    };
  return { message: `must be ${word} ${limit}`, nextStep: `Write a number of ${word} ${limit}.` };
}

const names: Record<string, string> = {
  array: 'an array',
  object: 'an object',
  record: 'an object',
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'a boolean',
};

const withArticle = (expected: string): string => names[expected] ?? `a value of type ${expected}`;

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'an infinite or undefined number';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return names[typeof value] ?? `a value of type ${typeof value}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
