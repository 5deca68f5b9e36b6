import i18next from 'i18next';
import { inLanguage } from './number.ts';

/** A text of the engine with values in it, and what finds these again: "{{0}} is down" in "orders is down". */
export interface Form {
  key: string;
  matches: RegExp;
}

const PLACE = /\{\{\d+\}\}/;
const EVERY_PLACE = /\{\{\d+\}\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const ownLetters = (key: string): number => key.replace(EVERY_PLACE, '').length;

/** The texts with values among these keys. The one with most words of its own comes first: it says most about where a sentence is from. */
export const formsOf = (keys: readonly string[]): Form[] =>
  keys
    .filter((key) => PLACE.test(key))
    .map((key) => ({ key, matches: new RegExp(`^${key.split(PLACE).map(escaped).join('(.*?)')}$`, 's') }))
    .sort((a, b) => ownLetters(b.key) - ownLetters(a.key) || (a.key < b.key ? -1 : 1));

/** The form that a sentence has, with the values in it. */
export function formIn(sentence: string, forms: readonly Form[]): { key: string; values: string[] } | null {
  for (const { key, matches } of forms) {
    const found = matches.exec(sentence);
    if (found) return { key, values: found.slice(1) };
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
  return found && i18next.t(found.key, Object.fromEntries(found.values.map((value, index) => [index, part(value)])));
}

/** A value in a sentence: a number, a phrase of ours, or a name, which is nobody's to translate. */
function part(value: string): string {
  if (/^[−-]?\d+\.\d+$/.test(value)) return inLanguage(value);
  // A capital begins a name as well as a title.
  return /^[A-Z]\S*$/.test(value) ? value : (translate(value, i18next.language) ?? value);
}
