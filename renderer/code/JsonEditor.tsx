import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import { type EditorProps, TextEditor } from './TextEditor.tsx';

/** An editor for JSON, which JavaScript's grammar colours. */
export default function JsonEditor(props: EditorProps) {
  return <TextEditor {...props} diagnose={diagnose} />;
}

function diagnose(doc: Text): Diagnostic[] {
  const text = doc.toString();
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const at = /position (\d+)/.exec(message);
    const from = Math.min(at ? Number(at[1]) : text.length, Math.max(0, text.length - 1));
    return [{ from, to: Math.min(text.length, from + 1), severity: 'error', message }];
  }
}
