/** A text of the engine with values in it, and what finds these again: "{{0}} is down" in "orders is down". */
export interface Form {
  key: string;
  matches: RegExp;
  /** How much of it is not a value. */
  ownLetters: number;
}

const PLACE = /\{\{\d+\}\}/;
const EVERY_PLACE = /\{\{\d+\}\}/g;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The texts with values among these keys. The one with most words of its own comes first: it says most about where a sentence is from. */
export const formsOf = (keys: readonly string[]): Form[] =>
  keys
    .filter((key) => PLACE.test(key))
    .map((key) => ({
      key,
      matches: new RegExp(`^${key.split(PLACE).map(escaped).join('(.*?)')}$`, 's'),
      ownLetters: key.replace(EVERY_PLACE, '').length,
    }))
    .sort((a, b) => b.ownLetters - a.ownLetters || (a.key < b.key ? -1 : 1));

/** A form with so few, such as "{{0}} at {{1}}", is that of sentences of others as well: its values are a name, or a word and a name. */
const FEW_LETTERS = 5;
/** One with fewer than these that begins with a value may be met by chance where texts were put together. */
const MANY_LETTERS = 15;
const isLong = (value: string): boolean => /\s\S+\s|[:;,] | and$|^and /.test(value);
const hasSeam = (value: string): boolean => /[,:] | and | [+=≠] /.test(value);
const hasSentences = (value: string): boolean => /[.!?;] /.test(value);

/** Whether these values are rather texts of their own, and the form was met by chance. */
function isByChance({ key, ownLetters }: Form, values: readonly string[]): boolean {
  const lead = key.split(PLACE)[0] ?? '';
  if (lead.length > FEW_LETTERS && values.some((value) => value.includes(lead))) return true;
  // "Why it stopped: {{0}}" is said of several sentences, too.
  const named = /: \{\{\d+\}\}$/.test(key) ? values.slice(0, -1) : values;
  return named.some(hasSentences) || (lead === '' && ownLetters < MANY_LETTERS && named.some(hasSeam));
}

/** The form that a sentence has, with the values in it. `strict`: not one that it may have by chance. */
export function formIn(
  sentence: string,
  forms: readonly Form[],
  strict = false,
): { key: string; values: string[] } | null {
  for (const form of forms) {
    const values = form.matches.exec(sentence)?.slice(1);
    if (!values || (form.ownLetters <= FEW_LETTERS && values.some(isLong))) continue;
    if (!strict || !isByChance(form, values)) return { key: form.key, values };
  }
  return null;
}
