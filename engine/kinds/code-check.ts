import { parseExpressionAt } from 'acorn';
import type { DocumentError } from '../model/definition.ts';

/** Finds what is wrong with a handler's source without running any of it. */
export function checkCode(source: string, path: string): DocumentError[] {
  const problem = problemIn(source);
  if (!problem) return [];
  const { line, column, message } = problem;
  return [
    {
      path,
      message: `line ${line}, column ${column}: ${message}`,
      nextStep: 'Correct the code there. A handler is a function: async (request, tools) => { … }',
    },
  ];
}

export interface CodeProblem {
  /** From 1. */
  line: number;
  column: number;
  message: string;
}

/** The first problem in a handler's source, or null. */
export function problemIn(source: string): CodeProblem | null {
  try {
    // In brackets, as it is compiled: a function without a name is no statement of its own.
    const text = `(${source}\n)`;
    const expression = parseExpressionAt(text, 0, { ecmaVersion: 2024, preserveParens: true });
    const rest = text.slice(expression.end);
    if (rest.trim() !== '') {
      const at = expression.end + rest.length - rest.trimStart().length - 1;
      return { ...placeIn(source, at), message: 'more follows after the function' };
    }
    const inner = (expression as unknown as { expression: { type: string } }).expression;
    if (inner.type !== 'ArrowFunctionExpression' && inner.type !== 'FunctionExpression')
      return { line: 1, column: 1, message: 'the code is no function' };
    return null;
  } catch (error) {
    const { loc, message } = error as SyntaxError & { loc?: { line: number; column: number } };
    const line = loc?.line ?? 1;
    return {
      line,
      column: (loc?.column ?? 0) + (line === 1 ? 0 : 1),
      message: message.replace(/ \(\d+:\d+\)$/, ''),
    };
  }
}

/** Line and column, both from 1, of a place in a text. */
function placeIn(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
