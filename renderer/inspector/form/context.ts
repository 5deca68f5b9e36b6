import { type ComponentType, createContext, useContext } from 'react';
import type { z } from 'zod';
import type { ValuePath } from '../../stores/value-at.ts';
import type { Field } from './fields.ts';

export interface Choice {
  value: string;
  label: string;
}

export interface FieldProps<Type extends Field['type'] = Field['type']> {
  name: string;
  field: Extract<Field, { type: Type }>;
  value: unknown;
  /** The object that the value is in. */
  siblings: Record<string, unknown>;
  path: ValuePath;
}

/** What a field needs from around it. */
export interface FormContext {
  /** The input of any field, for fields that hold others. */
  Input: ComponentType<FieldProps>;
  /** Undefined removes the value, so that the schema's default applies. */
  change(path: ValuePath, value: unknown): void;
  /** Problems at exactly this place. */
  problemsAt(path: ValuePath): string | null;
  /** Whether something below this place is wrong. */
  problemsBelow(path: ValuePath): boolean;
  /** Existing things that a text names, e.g. the edges that leave a node; null for free text. */
  choices(key: string, siblings: Record<string, unknown>): Choice[] | null;
  /** The schema of a value that depends on its siblings, e.g. the parameters of the fault named beside them. */
  schemaOf(key: string, siblings: Record<string, unknown>): z.ZodType | null;
  /** Called when a field is left: what is typed next is another undo step. */
  leave(): void;
}

const Context = createContext<FormContext | null>(null);
export const FormProvider = Context.Provider;

export function useForm(): FormContext {
  const context = useContext(Context);
  if (!context) throw new Error('A form field must be inside a form.');
  return context;
}
