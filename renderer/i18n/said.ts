import i18next from 'i18next';
import { inLanguage } from './number.ts';

/** A text of the engine with values in it, and what finds these again: "{{0}} is down" in "orders is down". */
export interface Form {
  key: string;
  matches: RegExp;
  /** It has so few words of its own, such as "{{0}} at {{1}}", that sentences of others have its form as well. */
  isCommon: boolean;
}

const PLACE = /\{\{\d+\}\}/;
const EVERY_PLACE = /\{\{\d+\}\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const COMMON_LETTERS = 5;
const ownLetters = (key: string): number => key.replace(EVERY_PLACE, '').length;

/** The texts with values among these keys. The one with most words of its own comes first: it says most about where a sentence is from. */
export const formsOf = (keys: readonly string[]): Form[] =>
  keys
    .filter((key) => PLACE.test(key))
    .map((key) => ({
      key,
      matches: new RegExp(`^${key.split(PLACE).map(escaped).join('(.*?)')}$`, 's'),
      isCommon: ownLetters(key) <= COMMON_LETTERS,
    }))
    .sort((a, b) => ownLetters(b.key) - ownLetters(a.key) || (a.key < b.key ? -1 : 1));

/** More than a name, or a word and a name. */
const isLong = (value: string): boolean => /\s\S+\s/.test(value);

/** The form that a sentence has, with the values in it. */
export function formIn(sentence: string, forms: readonly Form[]): { key: string; values: string[] } | null {
  for (const { key, matches, isCommon } of forms) {
    const values = matches.exec(sentence)?.slice(1);
    if (values && !(isCommon && values.some(isLong))) return { key, values };
  }
  return null;
}

let forms: { language: string; forms: Form[]; known: Map<string, string> } | null = null;
/** Sentences of the engine come again and again, some of them with every frame. */
const KNOWN_AT_MOST = 5000;

function formsNow(language: string) {
  if (forms?.language !== language) {
    const texts = i18next.getResourceBundle(language, 'translation') as Record<string, string> | undefined;
    forms = { language, forms: formsOf(Object.keys(texts ?? {})), known: new Map() };
  }
  return forms;
}

/**
 * What the engine said, in the language of the window: it speaks English, in texts that the files of a language hold
 * as keys, whole or with `{{0}}` where a value stands. What they do not hold stays as it is.
 */
export function said(text: string): string {
  const language = i18next.language;
  if (language === 'en' || text === '') return text;
  const { known } = formsNow(language);
  const before = known.get(text);
  if (before !== undefined) return before;
  const translated = translate(text, language) ?? text;
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(text, translated);
  return translated;
}

function translate(text: string, language: string): string | null {
  // Beside "Lock", the command, there is "Lock_noun", the fault: the engine names things.
  if (i18next.exists(text, { context: 'noun' })) return i18next.t(text, { context: 'noun' });
  const found = formIn(text, formsNow(language).forms);
  if (found)
    return i18next.t(found.key, Object.fromEntries(found.values.map((value, index) => [index, part(value, language)])));
  return inParts(text, language);
}

/** Where sentences, clauses and items that the engine has put together come apart again. */
const SEAMS = [/(?<=[.!?]) /, /(?<=;) /, /(?<=,) /];

/** The text with those parts of it translated that are known by themselves. */
function inParts(text: string, language: string): string | null {
  for (const seam of SEAMS) {
    const parts = text.split(seam);
    if (parts.length === 1) continue;
    const translated = parts.map((one) => inOnePart(one, language));
    if (translated.some((one) => one !== null)) return parts.map((one, index) => translated[index] ?? one).join(' ');
  }
  return null;
}

/** French sets a semicolon off. */
const SET_OFF: Readonly<Record<string, string>> = { ',': ',', ';': '\u202f;' };

function inOnePart(text: string, language: string): string | null {
  const end = text.at(-1) ?? '';
  const set = SET_OFF[end];
  if (set === undefined) return translate(text, language);
  const whole = translate(text.slice(0, -1), language);
  return whole === null ? null : `${whole}${language === 'fr' ? set : end}`;
}

/** A value in a sentence: a number, a phrase of ours, or a name, which is nobody's to translate. */
function part(value: string, language: string): string {
  if (/^[−-]?\d+\.\d+$/.test(value)) return inLanguage(value);
  // A capital begins a name as well as a title.
  return /^[A-Z]\S*$/.test(value) ? value : (translate(value, language) ?? value);
}
