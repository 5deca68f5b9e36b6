import { javascript } from '@codemirror/lang-javascript';
import { linter, lintGutter } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { problemIn } from '../../engine/kinds/code-check.ts';
import classes from './CodeEditor.module.css';

interface Props {
  label: string;
  value: string;
  readOnly: boolean;
  onChange(value: string): void;
  onLeave(): void;
}

/** An editor for JavaScript. What is wrong shows at its line while typing. */
export default function CodeEditor({ label, value, readOnly, onChange, onLeave }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onLeave, value });
  latest.current = { onChange, onLeave, value };

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          basicSetup,
          javascript(),
          lintGutter(),
          linter(({ state }) => diagnostics(state.doc), { delay: 200 }),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            const text = update.state.doc.toString();
            if (update.docChanged && text !== latest.current.value) latest.current.onChange(text);
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onLeave() }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, readOnly]);

  // An undo of the document, or another file: the editor follows.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} className={classes.editor} />;
}

function diagnostics(doc: Text) {
  const problem = problemIn(doc.toString());
  if (!problem) return [];
  const line = doc.line(Math.min(problem.line, doc.lines));
  const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
  return [{ from, to: Math.min(from + 1, line.to), severity: 'error' as const, message: problem.message }];
}
