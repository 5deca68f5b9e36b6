import { t } from '../i18n/t.ts';
/** The same field of several things. */
export type SharedValue =
  | { mixed: false; value: unknown }
  /** Their values, each once, in the order of the things. */
  | { mixed: true; values: readonly unknown[] };

/** What several configs have under a key. */
export function sharedValue(configs: readonly Record<string, unknown>[], key: string): SharedValue {
  const values = new Map(configs.map((config) => [JSON.stringify(config[key]) ?? '', config[key]]));
  const [value] = values.values();
  return values.size <= 1 ? { mixed: false, value } : { mixed: true, values: [...values.values()] };
}

/** A value in a few signs, for a list of those that differ. */
export function shortValue(value: unknown, fallback: unknown): string {
  const shown = value === undefined ? fallback : value;
  if (shown === undefined || shown === null) return t('none');
  if (typeof shown === 'boolean') return shown ? t('on') : t('off');
  if (Array.isArray(shown)) return t('{{count}} entries', { count: shown.length });
  if (typeof shown === 'object') return t('set');
  const text = String(shown);
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
