import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import type { z } from 'zod';
import type { DocumentError } from '../../../engine/model/definition.ts';
import { jsonPath } from '../../../engine/model/json-path.ts';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { useReadOnly } from '../../stores/trust.ts';
import type { ValuePath } from '../../stores/value-at.ts';
import { type FormContext, FormProvider } from './context.ts';
import { FieldInput } from './FieldInput.tsx';
import { fieldOf } from './fields.ts';
import classes from './form.module.css';

interface Props {
  schema: z.ZodType;
  value: Record<string, unknown>;
  /** Problems whose paths start with `root`. */
  problems: readonly DocumentError[];
  /** JSON path of the value, e.g. `$.nodes[2].config`. */
  root: string;
  onChange(path: ValuePath, value: unknown): void;
  onLeave?(): void;
  choices?: FormContext['choices'];
  schemaOf?: FormContext['schemaOf'];
  /** Top-level fields to leave out, because they have a place of their own. */
  omit?: readonly string[];
}

/** A form derived from a schema. It owns no value: every keystroke goes to `onChange`, valid or not. */
export function SchemaForm({ schema, value, problems, root, onChange, onLeave, choices, schemaOf, omit = [] }: Props) {
  const t = useT();
  const field = fieldOf(schema);
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another language problems read differently
  const context = useMemo<FormContext>(
    () => ({
      Input: FieldInput,
      change: onChange,
      problemsAt: (path) => {
        const at = jsonPath(path, root);
        const found = problems.filter((problem) => problem.path === at);
        return found.length > 0
          ? found.map(({ message, nextStep }) => `${said(message)}. ${said(nextStep)}`).join(' ')
          : null;
      },
      problemsBelow: (path) => {
        const at = jsonPath(path, root);
        return problems.some((problem) => problem.path.startsWith(at));
      },
      choices: choices ?? (() => null),
      schemaOf: schemaOf ?? (() => null),
      leave: onLeave ?? (() => undefined),
    }),
    [problems, root, onChange, onLeave, choices, schemaOf, t],
  );
  const readOnly = useReadOnly();
  if (field.type !== 'object') return null;
  return (
    <FormProvider value={context}>
      <fieldset disabled={readOnly} className={classes.fields}>
        <Stack gap="sm">
          {field.fields
            .filter(({ key }) => !omit.includes(key))
            .map(({ key, field: property }) => (
              <FieldInput key={key} name={key} field={property} value={value[key]} siblings={value} path={[key]} />
            ))}
        </Stack>
      </fieldset>
    </FormProvider>
  );
}
