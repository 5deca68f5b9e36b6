import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import en from './en.json' with { type: 'json' };

declare const marked: unique symbol;

/** An English text that is a key, away from the call that translates it: an entry of a list, the value of a constant. */
export type Key = string & { readonly [marked]: true };

/** Values for the `{{places}}` of a text. `count` chooses its plural, `context` one of several meanings of its words. */
export type Values = Record<string, string | number>;

/** The text in the language of the window. Takes literals and what `key` marked, so that a test can list every text. */
export type T = <K extends string>(key: string extends K ? never : K, values?: Values) => string;

/** Marks an English text that is translated elsewhere, by `t`, as one of ours. */
export const key = (text: string): Key => text as Key;

// The keys are the English texts, so English needs a file only where a number changes the words.
void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: false,
  resources: { en: { translation: en } },
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
});

/** For texts that are made outside of components: in actions, stores and helpers. */
export const t: T = (text, values) => (i18next.t as unknown as (text: string, values?: Values) => string)(text, values);

/** `t` in a component, which is rendered again when the language changes. */
export function useT(): T {
  return useTranslation().t as unknown as T;
}
