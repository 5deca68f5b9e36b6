import french from './fr.json' with { type: 'json' };

/** Texts of the shell by language, each by its English words. English needs none. */
const texts: Record<string, Readonly<Record<string, string>>> = { en: {}, fr: french };

let language = 'en';

/** Takes a tag such as `fr-CA`. Says whether the words are others now; a language that is not spoken here changes nothing. */
export function speak(tag: string): boolean {
  const wanted = tag.toLowerCase().split('-')[0] ?? '';
  if (!(wanted in texts) || wanted === language) return false;
  language = wanted;
  return true;
}

/** A text of the shell in the language that it speaks, with values in its `{{places}}`. */
export const inWords = (text: string, values: Readonly<Record<string, string>> = {}): string =>
  (texts[language]?.[text] ?? text).replace(/\{\{(\w+)\}\}/g, (place, name: string) => values[name] ?? place);

/** Electron names its own items in English only: in another language they need a name. */
export const nameOfRole = (text: string): { label?: string } => (language === 'en' ? {} : { label: inWords(text) });
