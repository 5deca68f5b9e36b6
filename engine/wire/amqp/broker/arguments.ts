import { preconditionFailed } from '../protocol/errors.ts';
import { type FieldTable, type FieldType, type FieldValue, lookUp, sameValue } from '../protocol/field-table.ts';

/** The name of a thing in messages to people, e.g. `queue 'x' in vhost '/'`. */
export const resourceName = (kind: 'queue' | 'exchange', name: string, virtualHost: string): string =>
  `${kind} '${name}' in vhost '${virtualHost}'`;

const classOf = (type: FieldType): string => {
  switch (type) {
    case 'byte':
    case 'short':
    case 'signedint':
    case 'long':
    case 'decimal':
    case 'unsignedbyte':
    case 'unsignedshort':
    case 'unsignedint':
      return 'int';
    case 'float':
    case 'double':
      return 'float';
    default:
      return type;
  }
};

/** A value as Erlang prints it in `~p` (`quoted` where a string is not put into quotes by the text around it). */
export const erlangText = (field: FieldValue): string => {
  switch (field.type) {
    case 'longstr':
    case 'binary':
      return `<<"${field.value}">>`;
    case 'table':
      return `[${field.value.map(([name, value]) => `{<<"${name}">>,${value.type},${erlangText(value)}}`).join(',')}]`;
    case 'array':
      return `[${field.value.map((value) => `{${value.type},${erlangText(value)}}`).join(',')}]`;
    case 'decimal':
      return `{${field.value.scale},${field.value.digits}}`;
    case 'float':
    case 'double':
      return Number.isInteger(field.value) ? field.value.toFixed(1) : String(field.value);
    default:
      return String(field.value);
  }
};

type Current = FieldValue | boolean | string | undefined;

const shown = (value: Current): string => {
  if (value === undefined) return 'none';
  if (typeof value !== 'object') return `'${value}'`;
  const text = value.type === 'longstr' || value.type === 'binary' ? value.value : erlangText(value);
  return `the value '${text}' of type '${value.type}'`;
};

/** Refuses to declare again what is there in another form. */
export function assertSame(argument: string, resource: string, received: Current, current: Current): void {
  if (received === current) return;
  throw preconditionFailed(
    `inequivalent arg '${argument}' for ${resource}: received ${shown(received)} but current is ${shown(current)}`,
  );
}

const isClassic = (value: FieldValue | undefined): boolean => value?.type === 'longstr' && value.value === 'classic';

export function assertSameArguments(
  names: readonly string[],
  resource: string,
  received: FieldTable,
  current: FieldTable,
): void {
  for (const name of names) {
    const [a, b] = [lookUp(received, name), lookUp(current, name)];
    if (a === b) continue;
    if (a && b) {
      if (classOf(a.type) === classOf(b.type) && sameValue(a, b)) continue;
      // Here RabbitMQ leaves the types out.
      const [left, right] = [bare(a), bare(b)];
      if (left !== right) assertSame(name, resource, left, right);
      continue;
    }
    if (name === 'x-queue-type' && isClassic(a ?? b)) continue;
    assertSame(name, resource, a, b);
  }
}

const bare = (field: FieldValue): string => (field.type === 'longstr' ? field.value : erlangText(field));
