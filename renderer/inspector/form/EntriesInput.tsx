import { Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';
import { readEntries, writtenEntries } from './entries.ts';

/** Names with a text each. What is typed is kept while it is incomplete; only whole lines reach the document. */
export function EntriesInput({ field, value, path }: FieldProps<'entries'>) {
  const t = useT();
  const form = useForm();
  const [text, setText] = useState(() => writtenEntries(value));
  const entries = readEntries(text);
  useEffect(() => {
    setText((shown) => {
      const read = readEntries(shown);
      return read && writtenEntries(read) === writtenEntries(value) ? shown : writtenEntries(value);
    });
  }, [value]);
  return (
    <Textarea
      label={field.label}
      description={field.help}
      placeholder={t('NAME=value')}
      value={text}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        const read = readEntries(next);
        if (read) form.change(path, read);
      }}
      onBlur={form.leave}
      error={entries ? form.problemsAt(path) : t('Each line must be NAME=value.')}
      autosize
      minRows={2}
      maxRows={10}
      size="xs"
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 11 } }}
    />
  );
}
