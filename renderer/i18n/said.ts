import i18next from 'i18next';
import { type Form, formIn, formsOf } from './forms.ts';
import { inLanguage } from './number.ts';

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
  const end = text.at(-1) ?? '';
  if (ENDS[end] !== undefined) {
    const whole = translate(text.slice(0, -1), language);
    return whole === null ? null : `${whole}${language === 'fr' ? ENDS[end] : end}`;
  }
  return inForm(text, language, true) ?? inParts(text, language) ?? inForm(text, language, false);
}

function inForm(text: string, language: string, strict: boolean): string | null {
  const found = formIn(text, formsNow(language).forms, strict);
  return (
    found &&
    i18next.t(found.key, Object.fromEntries(found.values.map((value, index) => [index, part(value, language)])))
  );
}

/** What ends a part of a text; French sets some of these signs off. */
const ENDS: Readonly<Record<string, string>> = { ',': ',', ';': '\u202f;', ':': '\u00a0:' };

/** Where sentences, clauses and items that the engine has put together come apart again. */
const SEAMS = [
  { at: /(?<=;) (?=[\w#-]+: )/, sign: ' ' },
  { at: /(?<=^(?:fault )?[\w#-]+(?: \([\w#-]+\))?:) /, sign: ' ' },
  { at: /(?<=[.!?]) /, sign: ' ' },
  { at: /(?<=;) /, sign: ' ' },
  { at: /(?<=^[\w#. /()-]{1,40}:) /, sign: ' ' },
  { at: /(?<=,) /, sign: ' ' },
  { at: / = /, sign: ' = ' },
  { at: / ≠ /, sign: ' ≠ ' },
  { at: / \+ /, sign: ' + ' },
];

/** The text with those parts of it translated that are known by themselves. */
function inParts(text: string, language: string): string | null {
  for (const { at, sign } of SEAMS) {
    const parts = text.split(at);
    if (parts.length === 1) continue;
    const translated = parts.map((one) => translate(one, language));
    if (translated.some((one) => one !== null)) return parts.map((one, index) => translated[index] ?? one).join(sign);
  }
  if (text.endsWith('.')) {
    const whole = translate(text.slice(0, -1), language);
    return whole === null ? null : `${whole}.`;
  }
  const [, word, count] = /^(\D+) (\d+)$/.exec(text) ?? [];
  if (word !== undefined && i18next.exists(word)) return `${i18next.t(word)} ${count}`;
  const [left, right] = text.split(/ and (?!.* and )/);
  if (left === undefined || right === undefined) return null;
  const both = [left, right].map((one) => translate(one, language));
  if (both.every((one) => one === null)) return null;
  return i18next.t('{{0}} and {{1}}', { 0: both[0] ?? left, 1: both[1] ?? right });
}

/** A value in a sentence: a number, a phrase of ours, or a name, which is nobody's to translate. */
function part(value: string, language: string): string {
  if (/^[−-]?\d+\.\d+$/.test(value)) return inLanguage(value);
  // A capital begins a name as well as a title.
  return /^[A-Z]\S*$/.test(value) ? value : (translate(value, language) ?? value);
}
