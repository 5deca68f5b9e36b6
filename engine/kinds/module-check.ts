import { parse } from 'acorn';
import type { DocumentError } from '../model/definition.ts';
import type { CodeProblem } from './code-check.ts';

/** Finds what is wrong with a module's source without running any of it. */
export function checkModule(source: string, path: string): DocumentError[] {
  const problem = problemInModule(source);
  if (!problem) return [];
  const { line, column, message } = problem;
  return [
    {
      path,
      message: `line ${line}, column ${column}: ${message}`,
      nextStep: 'Correct the code there. It is a module that exports a handler.',
    },
  ];
}

/** The first problem in a module, be it an ES module or CommonJS; or null. */
export function problemInModule(source: string): CodeProblem | null {
  const asScript = problemAs('script', source);
  const asModule = asScript && problemAs('module', source);
  if (asModule === null) return null;
  return /^\s*(import|export)\b/m.test(source) ? asModule : asScript;
}

function problemAs(sourceType: 'script' | 'module', source: string): CodeProblem | null {
  try {
    parse(source, {
      ecmaVersion: 'latest',
      sourceType,
      allowHashBang: true,
      // CommonJS is the body of a function.
      allowReturnOutsideFunction: sourceType === 'script',
    });
    return null;
  } catch (error) {
    const { loc, message } = error as SyntaxError & { loc?: { line: number; column: number } };
    return { line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1, message: message.replace(/ \(\d+:\d+\)$/, '') };
  }
}
