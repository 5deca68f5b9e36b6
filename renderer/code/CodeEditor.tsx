import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { type CodeProblem, problemIn } from '../../engine/kinds/code-check.ts';
import { problemInModule } from '../../engine/kinds/module-check.ts';
import { said } from '../i18n/said.ts';
import { type EditorProps, TextEditor } from './TextEditor.tsx';

/** An editor for JavaScript: one function, or a module. */
export default function CodeEditor({ isModule, ...props }: EditorProps & { isModule: boolean }) {
  return <TextEditor {...props} diagnose={isModule ? diagnoseModule : diagnoseHandler} />;
}

const diagnosing =
  (find: (source: string) => CodeProblem | null) =>
  (doc: Text): Diagnostic[] => {
    const source = doc.toString();
    // An empty one says nothing: code may be in a file instead.
    const problem = source.trim() === '' ? null : find(source);
    if (!problem) return [];
    const line = doc.line(Math.min(problem.line, doc.lines));
    const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
    return [{ from, to: Math.min(from + 1, line.to), severity: 'error', message: said(problem.message) }];
  };

const diagnoseHandler = diagnosing(problemIn);
const diagnoseModule = diagnosing(problemInModule);
