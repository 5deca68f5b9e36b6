import { Stack, Text } from '@mantine/core';
import { type FieldProps, useForm } from './context.ts';
import type { ObjectField } from './fields.ts';
import classes from './form.module.css';

/** The fields of an object without a frame: for list entries and variants. */
export function ObjectFields({ field, value, path }: { field: ObjectField; value: unknown; path: FieldProps['path'] }) {
  const { Input } = useForm();
  const object = (value !== null && typeof value === 'object' ? value : {}) as Record<string, unknown>;
  return field.fields.map(({ key, field: property }) => (
    <Input key={key} name={key} field={property} value={object[key]} siblings={object} path={[...path, key]} />
  ));
}

export function ObjectInput({ field, value, path }: FieldProps<'object'>) {
  if (field.fields.length === 0) return null;
  return (
    <div>
      <Text size="xs" fw={600} component="div">
        {field.label}
      </Text>
      <Stack gap="xs" className={classes.nested}>
        <ObjectFields field={field} value={value} path={path} />
      </Stack>
    </div>
  );
}
