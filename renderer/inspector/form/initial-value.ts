import type { Field, ObjectField } from './fields.ts';

/** A value to start a new list entry or another variant with: as little as the schema lets through, where that can be known. */
export function initialValue(field: Field): unknown {
  if (field.fallback !== undefined) return structuredClone(field.fallback);
  switch (field.type) {
    case 'constant':
      return field.value;
    case 'number':
      return field.example ?? Math.max(field.min ?? 0, Math.min(1, field.max ?? 1));
    case 'text':
      return initialText(field);
    case 'choice':
      return field.options[0];
    case 'boolean':
      return false;
    case 'choices':
      return [];
    case 'numbers':
      return Array.from({ length: field.minItems }, (_, index) => index + 1);
    case 'list':
      return Array.from({ length: field.minItems }, () => initialValue(field.item));
    case 'object':
      return initialObject(field, {});
    case 'variants':
      return field.variants[0] ? initialObject(field.variants[0], {}) : {};
    case 'entries':
    case 'json':
      return {};
  }
}

/** What is turned on: all defaults written out, so that everybody reads the same; what may be off stays off. */
export function startingValue(field: Field): unknown {
  if (field.fallback !== undefined && field.fallback !== null) return structuredClone(field.fallback);
  if (field.type === 'variants') return field.variants[0] ? startingValue(field.variants[0]) : {};
  if (field.type !== 'object') return initialValue(field);
  return Object.fromEntries(
    field.fields
      .filter(({ field: property }) => !property.isSwitched && !(property.optional && property.fallback === undefined))
      .map(({ key, field: property }) => [
        key,
        property.nullable && property.fallback === null ? null : startingValue(property),
      ]),
  );
}

/** An object of a variant that keeps what the value before had under the same names. */
export function initialObject(field: ObjectField, before: Record<string, unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { key, field: property } of field.fields) {
    if (property.type !== 'constant' && before[key] !== undefined) object[key] = before[key];
    else if (!property.optional || property.type === 'constant') object[key] = initialValue(property);
  }
  return object;
}

function initialText(field: Extract<Field, { type: 'text' }>): string {
  if (field.code === 'handler') return 'async (request, { call }) => {\n  return { ok: true };\n}\n';
  if (field.pattern?.startsWith('^\\/')) return '/';
  return '';
}
