import { Select, Switch } from '@mantine/core';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { ChoicesInput } from './ChoicesInput.tsx';
import { CodeInput } from './CodeInput.tsx';
import { type Choice, type FieldProps, useForm } from './context.ts';
import { EntriesInput } from './EntriesInput.tsx';
import { type Field, fieldOf } from './fields.ts';
import { JsonInput } from './JsonInput.tsx';
import { ListInput } from './ListInput.tsx';
import { NumberInput } from './NumberInput.tsx';
import { NumbersInput } from './NumbersInput.tsx';
import { ObjectInput } from './ObjectInput.tsx';
import { OptionalInput } from './OptionalInput.tsx';
import { TextInput } from './TextInput.tsx';
import { VariantsInput } from './VariantsInput.tsx';

/** The input of any field. Fields that hold others find it in the context, so that they need not import it back. */
export function FieldInput({ field: described, ...props }: FieldProps) {
  useT();
  const form = useForm();
  const field = inWords(described);
  const dependent = field.type === 'json' ? form.schemaOf(props.name, props.siblings) : null;
  if (dependent) return <FieldInput {...props} field={{ ...fieldOf(dependent), label: described.label }} />;
  if (field.isSwitched && (field.type === 'object' || field.type === 'variants'))
    return <OptionalInput {...props} field={field} />;
  switch (field.type) {
    case 'constant':
      return null;
    case 'number':
      return <NumberInput {...props} field={field} />;
    case 'boolean':
      return <BooleanInput {...props} field={field} />;
    case 'choice':
      return (
        <ChoiceInput {...props} field={field} options={field.options.map((value) => ({ value, label: said(value) }))} />
      );
    case 'text': {
      if (field.code) return <CodeInput {...props} field={field} />;
      const options = form.choices(props.name, props.siblings);
      return options ? (
        <ChoiceInput {...props} field={field} options={options} />
      ) : (
        <TextInput {...props} field={field} />
      );
    }
    case 'choices':
      return <ChoicesInput {...props} field={field} />;
    case 'numbers':
      return <NumbersInput {...props} field={field} />;
    case 'entries':
      return <EntriesInput {...props} field={field} />;
    case 'object':
      return <ObjectInput {...props} field={field} />;
    case 'list':
      return <ListInput {...props} field={field} />;
    case 'variants':
      return <VariantsInput {...props} field={field} />;
    case 'json':
      return <JsonInput {...props} field={field} />;
  }
}

/** A field with its words in the language of the window. */
const inWords = <Described extends Field>(field: Described): Described => ({
  ...field,
  label: said(field.label),
  help: field.help && said(field.help),
});

function ChoiceInput({ field, value, path, options }: FieldProps<'choice' | 'text'> & { options: Choice[] }) {
  const t = useT();
  const form = useForm();
  const current =
    typeof value === 'string' && value !== '' ? value : field.fallback === undefined ? null : String(field.fallback);
  // What a document names stays visible even when it does not exist any more.
  const missing = current !== null && !options.some((option) => option.value === current);
  return (
    <Select
      label={field.label}
      description={field.help}
      data={missing ? [...options, { value: current, label: t('{{name}} (missing)', { name: current }) }] : options}
      value={current}
      placeholder={options.length === 0 ? t('Nothing to choose yet') : t('Choose')}
      clearable={field.optional && field.fallback === undefined}
      allowDeselect={false}
      onChange={(next) => form.change(path, next ?? undefined)}
      error={form.problemsAt(path)}
      size="xs"
      comboboxProps={{ withinPortal: true }}
    />
  );
}

function BooleanInput({ field, value, path }: FieldProps<'boolean'>) {
  const form = useForm();
  return (
    <Switch
      label={field.label}
      description={field.help}
      checked={typeof value === 'boolean' ? value : field.fallback === true}
      onChange={(event) => form.change(path, event.currentTarget.checked)}
      error={form.problemsAt(path)}
      size="xs"
    />
  );
}
