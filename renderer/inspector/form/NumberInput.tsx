import { NumberInput as MantineNumberInput, Text } from '@mantine/core';
import { said } from '../../i18n/said.ts';
import { t, useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';

export function NumberInput({ field, value, path }: FieldProps<'number'>) {
  useT();
  const form = useForm();
  return (
    <MantineNumberInput
      label={field.label}
      description={field.help}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      placeholder={placeholderOf(field, value)}
      // An empty field means none where that is a value, else the default; where there is no default either, the schema says so.
      onChange={(next) => form.change(path, next === '' ? emptyValue(field) : next)}
      onBlur={form.leave}
      error={form.problemsAt(path)}
      // Out of range is shown as an error, never silently corrected.
      clampBehavior="none"
      min={field.min ?? undefined}
      max={field.max ?? undefined}
      allowDecimal={!field.integer}
      hideControls={field.unit !== null}
      rightSection={
        field.unit ? (
          <Text size="xs" c="dimmed">
            {said(field.unit)}
          </Text>
        ) : undefined
      }
      rightSectionWidth={field.unit ? 38 : undefined}
      rightSectionPointerEvents={field.unit ? 'none' : undefined}
      size="xs"
    />
  );
}

type NumberField = FieldProps<'number'>['field'];

const hasDefault = ({ fallback }: NumberField): boolean => fallback !== undefined && fallback !== null;

/** Where the default is a number, "none" must be written down. */
const emptyValue = (field: NumberField): null | undefined => (field.nullable && hasDefault(field) ? null : undefined);

function placeholderOf(field: NumberField, value: unknown): string {
  if (field.nullable && (value === null || !hasDefault(field))) return t('none');
  return field.fallback === undefined ? '' : String(field.fallback);
}
