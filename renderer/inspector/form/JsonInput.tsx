import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';

/** For what a schema leaves open. The text is kept while it is no JSON; only JSON reaches the document. */
export function JsonInput({ field, value, path }: FieldProps<'json'>) {
  const t = useT();
  const form = useForm();
  const [text, setText] = useState(() => written(value));
  const [broken, setBroken] = useState<string | null>(null);
  useEffect(() => {
    setText((shown) => (sameJson(shown, value) ? shown : written(value)));
    setBroken(null);
  }, [value]);
  return (
    <Textarea
      label={field.label}
      description={field.help}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        try {
          form.change(path, next.trim() === '' ? undefined : JSON.parse(next));
          setBroken(null);
        } catch (error) {
          setBroken(
            t('This is no JSON yet: {{error}}', { error: error instanceof Error ? error.message : String(error) }),
          );
        }
      }}
      onBlur={form.leave}
      error={broken ?? form.problemsAt(path)}
      autosize
      minRows={2}
      maxRows={10}
      size="xs"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 11 } }}
    />
  );
}

const written = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

function sameJson(text: string, value: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(value);
  } catch {
    return false;
  }
}
