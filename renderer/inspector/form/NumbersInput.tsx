import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';
import { readNumbers, writtenNumbers } from './numbers.ts';

/** Several numbers in one line, such as "1, 2, 4". */
export function NumbersInput({ field, value, path }: FieldProps<'numbers'>) {
  const t = useT();
  const form = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const given = value === undefined ? field.fallback : value;
  const written = Array.isArray(given) ? writtenNumbers(given) : typeof given === 'string' ? given : '';
  // While it is typed it stays as it is; what came from elsewhere, such as an undo, is shown.
  const isTyped = typed !== null && writtenNumbers(readNumbers(typed) ?? [typed]) === written;
  return (
    <TextInput
      label={field.label}
      description={field.help}
      value={isTyped ? typed : written}
      placeholder="1, 2, 4"
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        form.change(path, readNumbers(text) ?? text);
      }}
      onBlur={() => {
        setTyped(null);
        form.leave();
      }}
      error={form.problemsAt(path) ?? (form.problemsBelow(path) ? t('One of these numbers is not valid.') : null)}
      size="xs"
      spellCheck={false}
    />
  );
}
