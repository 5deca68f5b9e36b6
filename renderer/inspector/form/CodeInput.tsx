import { Input, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useReadOnly } from '../../stores/trust.ts';
import { type FieldProps, useForm } from './context.ts';

/** Loaded with the first field of code: an editor is larger than all other inputs together. */
const CodeEditor = lazy(() => import('../../code/CodeEditor.tsx'));

export function CodeInput({ field, value, path }: FieldProps<'text'>) {
  const form = useForm();
  const readOnly = useReadOnly();
  return (
    <Input.Wrapper label={field.label} description={field.help} error={form.problemsAt(path)} size="xs">
      <Suspense fallback={<Loader size="xs" />}>
        <CodeEditor
          label={field.label}
          isModule={field.code === 'module'}
          value={typeof value === 'string' ? value : ''}
          readOnly={readOnly}
          onChange={(text) => form.change(path, text)}
          onLeave={form.leave}
        />
      </Suspense>
    </Input.Wrapper>
  );
}
