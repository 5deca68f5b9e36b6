import { t } from '../../i18n/t.ts';
/** One line that tells a list entry from its neighbours: its name, its route, or its first plain values. */
export function summaryOf(value: unknown): string {
  if (value === null || typeof value !== 'object')
    return value === undefined || value === '' ? t('empty') : String(value);
  const object = value as Record<string, unknown>;
  if (typeof object.name === 'string' && object.name) return object.name;
  if (typeof object.path === 'string' && !('do' in object))
    return `${typeof object.method === 'string' ? object.method : 'GET'} ${object.path}`;
  const parts = plainValues(object).slice(0, 4);
  return parts.length > 0 ? parts.join(' · ') : t('empty');
}

function plainValues(object: object): string[] {
  return Object.entries(object).flatMap(([key, value]): string[] => {
    if (typeof value === 'number') return [key.endsWith('Ms') ? `${value} ms` : String(value)];
    if (typeof value === 'string') return value ? [value.length > 40 ? `${value.slice(0, 39)}…` : value] : [];
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? plainValues(value) : [];
  });
}
