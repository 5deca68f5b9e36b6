import { TextInput as MantineTextInput, Textarea } from '@mantine/core';
import { type FieldProps, useForm } from './context.ts';

export function TextInput({ name, field, value, path }: FieldProps<'text'>) {
  const form = useForm();
  const empty = field.nullable ? null : field.optional && field.fallback === undefined ? undefined : '';
  const shared = {
    label: field.label,
    description: field.help,
    value: typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value),
    placeholder: typeof field.fallback === 'string' ? field.fallback : undefined,
    error: form.problemsAt(path),
    onBlur: form.leave,
    size: 'xs' as const,
    spellCheck: false,
  };
  const change = (text: string) => form.change(path, text === '' ? empty : text);
  if (!field.multiline) return <MantineTextInput {...shared} onChange={(event) => change(event.currentTarget.value)} />;
  const isCode = /sql$/i.test(name);
  return (
    <Textarea
      {...shared}
      onChange={(event) => change(event.currentTarget.value)}
      autosize
      minRows={isCode ? 3 : 2}
      maxRows={14}
      styles={
        isCode
          ? {
              input: {
                fontFamily: 'var(--mantine-font-family-monospace)',
                fontSize: 11,
                whiteSpace: 'pre',
                overflowX: 'auto',
              },
            }
          : undefined
      }
    />
  );
}
