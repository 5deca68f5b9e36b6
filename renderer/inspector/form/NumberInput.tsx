import { NumberInput as MantineNumberInput, Text } from '@mantine/core';
import { type FieldProps, useForm } from './context.ts';

export function NumberInput({ field, value, path }: FieldProps<'number'>) {
  const form = useForm();
  return (
    <MantineNumberInput
      label={field.label}
      description={field.help}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      placeholder={field.fallback === undefined ? '' : String(field.fallback)}
      // An empty field means the default; where there is none the schema says that a number is missing.
      onChange={(next) => form.change(path, next === '' ? undefined : next)}
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
            {field.unit}
          </Text>
        ) : undefined
      }
      rightSectionWidth={field.unit ? 38 : undefined}
      rightSectionPointerEvents={field.unit ? 'none' : undefined}
      size="xs"
    />
  );
}
