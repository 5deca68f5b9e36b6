import i18next from 'i18next';

/** "a, b and c", as the language puts them together. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join();
  // British English has no comma before "and".
  return new Intl.ListFormat(i18next.language === 'en' ? 'en-GB' : i18next.language).format(items);
}
