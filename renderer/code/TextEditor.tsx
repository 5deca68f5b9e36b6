import { javascript } from '@codemirror/lang-javascript';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';

export interface EditorProps {
  label: string;
  value: string;
  readOnly: boolean;
  onChange(value: string): void;
  onLeave(): void;
}

interface Props extends EditorProps {
  /** What is wrong with the text; it shows at its place while typing. The same function each time. */
  diagnose(text: Text): Diagnostic[];
}

/** An editor for text with JavaScript's grammar. */
export function TextEditor({ label, value, readOnly, onChange, onLeave, diagnose }: Props) {
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
          linter(({ state }) => diagnose(state.doc), { delay: 200 }),
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
  }, [label, readOnly, diagnose]);

  // An undo of the document, or another file: the editor follows.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} className={classes.editor} />;
}
