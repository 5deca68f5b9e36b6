import { Stack, Switch, Text } from '@mantine/core';
import type { FieldProps } from './context.ts';
import { useForm } from './context.ts';
import type { Field } from './fields.ts';
import classes from './form.module.css';
import { startingValue } from './initial-value.ts';
import { ObjectFields } from './ObjectInput.tsx';

type Optional = Extract<Field, { type: 'object' | 'variants' }>;

/** An object that need not be there: a switch that turns it on with its defaults, and its fields while it is on. */
export function OptionalInput({ field, value, ...props }: FieldProps<Optional['type']>) {
  const form = useForm();
  const { path } = props;
  const given = value === undefined ? field.fallback : value;
  const isOn = given !== undefined && given !== null;
  const problem = form.problemsAt(path);
  const turn = (on: boolean) => {
    // Left out means the default: only where that is on must "off" be written down.
    const off = field.fallback === undefined || field.fallback === null ? undefined : null;
    form.change(path, on ? startingValue(field) : off);
    form.leave();
  };
  return (
    <div>
      <Switch
        label={field.label}
        description={field.help}
        checked={isOn}
        onChange={(event) => turn(event.currentTarget.checked)}
        error={isOn ? undefined : problem}
        size="xs"
      />
      {isOn && (
        <Stack gap="xs" className={classes.nested}>
          {problem && (
            <Text size="xs" c="red">
              {problem}
            </Text>
          )}
          {field.type === 'object' ? (
            <ObjectFields field={field} value={given} path={path} />
          ) : (
            <form.Input {...props} field={{ ...field, label: '', help: null, isSwitched: false }} value={given} />
          )}
        </Stack>
      )}
    </div>
  );
}
