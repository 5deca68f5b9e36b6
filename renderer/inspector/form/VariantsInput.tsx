import { Select, Stack, Text } from '@mantine/core';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { type ValuePath, withValueAt } from '../../stores/value-at.ts';
import { type FieldProps, FormProvider, useForm } from './context.ts';
import { variantLabel, variantOf } from './fields.ts';
import classes from './form.module.css';
import { initialObject } from './initial-value.ts';
import { ObjectFields } from './ObjectInput.tsx';

/** One of several objects: a choice of which, then its fields. */
export function VariantsInput({ field, value: given, path }: FieldProps<'variants'>) {
  const t = useT();
  const form = useForm();
  const value = given ?? field.fallback;
  // What is left out is the default; the first change within it writes the whole of it.
  const within =
    given === undefined && value !== undefined
      ? {
          ...form,
          change: (at: ValuePath, next: unknown) => form.change(path, withValueAt(value, at.slice(path.length), next)),
        }
      : form;
  const index = variantOf(field, value);
  const variant = field.variants[index];
  const label = field.label || t('Type');
  return (
    <div>
      <Select
        label={label}
        description={field.help}
        data={field.variants.map((_, option) => ({ value: String(option), label: said(variantLabel(field, option)) }))}
        value={String(index)}
        allowDeselect={false}
        onChange={(next) => {
          const chosen = field.variants[Number(next)];
          if (chosen) form.change(path, initialObject(chosen, (value ?? {}) as Record<string, unknown>));
        }}
        size="xs"
      />
      {form.problemsAt(path) && (
        <Text size="xs" c="red">
          {form.problemsAt(path)}
        </Text>
      )}
      {variant?.fields.some((property) => property.field.type !== 'constant') && (
        <Stack gap="xs" className={classes.nested}>
          <FormProvider value={within}>
            <ObjectFields field={variant} value={value} path={path} />
          </FormProvider>
        </Stack>
      )}
    </div>
  );
}
