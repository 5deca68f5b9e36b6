import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { problemIn } from '../../engine/kinds/code-check.ts';
import { said } from '../i18n/said.ts';
import { type EditorProps, TextEditor } from './TextEditor.tsx';

/** An editor for JavaScript. */
export default function CodeEditor(props: EditorProps) {
  return <TextEditor {...props} diagnose={diagnose} />;
}

function diagnose(doc: Text): Diagnostic[] {
  const problem = problemIn(doc.toString());
  if (!problem) return [];
  const line = doc.line(Math.min(problem.line, doc.lines));
  const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
  return [{ from, to: Math.min(from + 1, line.to), severity: 'error', message: said(problem.message) }];
}
