import { javascript } from '@codemirror/lang-javascript';
import { linter, lintGutter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import classes from './CodeEditor.module.css';

interface Props {
  label: string;
  value: string;
  readOnly: boolean;
  onChange(value: string): void;
  onLeave(): void;
}

/** An editor for JSON, which JavaScript's grammar colours; where it is broken shows while typing. */
export default function JsonEditor({ label, value, readOnly, onChange, onLeave }: Props) {
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
          linter(({ state }) => diagnostics(state.doc.toString()), { delay: 200 }),
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

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={host} className={classes.editor} />;
}

function diagnostics(text: string) {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(message);
    const from = Math.min(at ? Number(at[1]) : text.length, Math.max(0, text.length - 1));
    return [{ from, to: Math.min(text.length, from + 1), severity: 'error' as const, message }];
  }
}
