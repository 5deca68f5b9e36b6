import { MultiSelect } from '@mantine/core';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';
import { labelOf } from './labels.ts';

/** Several of a fixed set of words. */
export function ChoicesInput({ field, value, path }: FieldProps<'choices'>) {
  useT();
  const form = useForm();
  const chosen = (Array.isArray(value) ? value : ((field.fallback as unknown[] | undefined) ?? [])).map(String);
  // What a document names stays visible even when it does not exist.
  const options = [...field.options, ...chosen.filter((option) => !field.options.includes(option))];
  return (
    <MultiSelect
      label={field.label}
      description={field.help}
      data={options.map((option) => ({ value: option, label: said(labelOf(option)) }))}
      value={chosen}
      onChange={(next) => {
        form.change(
          path,
          options.filter((option) => next.includes(option)),
        );
        form.leave();
      }}
      error={form.problemsAt(path)}
      size="xs"
      comboboxProps={{ withinPortal: true }}
    />
  );
}
