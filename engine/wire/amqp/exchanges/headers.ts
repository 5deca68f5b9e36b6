import { type FieldTable, type FieldValue, lookUp, sameValue } from '../protocol/field-table.ts';
import type { Pattern, Router } from './router.ts';

const KINDS = ['all', 'any', 'all-with-x', 'any-with-x'];

const kindOf = (args: FieldTable): string => {
  const kind = lookUp(args, 'x-match')?.value;
  return typeof kind === 'string' && KINDS.includes(kind) ? kind : 'all';
};

/** What is wrong with the arguments of such a binding, in RabbitMQ's words, or null. */
export function headersProblem(args: FieldTable, textOf: (value: FieldValue) => string): string | null {
  const kind = lookUp(args, 'x-match');
  if (kind === undefined) return null;
  if (kind.type !== 'longstr')
    return `Invalid x-match field type ${kind.type} (value ${textOf(kind)}); expected longstr`;
  if (KINDS.includes(kind.value)) return null;
  return `Invalid x-match field value ${textOf(kind)}; expected all, any, all-with-x, or any-with-x`;
}

/** Whether headers have all or any of those that the arguments name, with their values; a void one need only be there. */
function headersMatch(args: FieldTable, headers: FieldTable): boolean {
  const kind = kindOf(args);
  const isAny = kind.startsWith('any');
  const seesX = kind.endsWith('-with-x');
  for (const [name, value] of args) {
    if (name === 'x-match' || (!seesX && name.startsWith('x-'))) continue;
    const header = lookUp(headers, name);
    const isThere = header !== undefined && (value.type === 'void' || sameValue(value, header));
    if (isThere === isAny) return isAny;
  }
  return !isAny;
}

export function headersRouter<Binding extends Pattern>(): Router<Binding> {
  const all = new Set<Binding>();
  return {
    add: (binding) => {
      all.add(binding);
    },
    remove: (binding) => {
      all.delete(binding);
    },
    match(message, found) {
      if (all.size === 0) return;
      const headers = message.headers();
      for (const binding of all) if (headersMatch(binding.args, headers)) found(binding);
    },
  };
}
