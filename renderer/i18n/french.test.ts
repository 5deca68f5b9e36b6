import { describe, expect, it } from 'vitest';
import french from '../../electron/fr.json' with { type: 'json' };
import { menuItems } from '../../electron/menu-items.ts';
import { definedTexts } from './definitions.fixture.ts';
import { engineTexts, silentNoMore } from './engine-texts.fixture.ts';
import definitions from './fr/definitions.json' with { type: 'json' };
import sentences from './fr/sentences.json' with { type: 'json' };
import window from './fr/window.json' with { type: 'json' };
import { desktopTextsIn, placesIn, sourcesOf, textsIn } from './sources.fixture.ts';

type Texts = Readonly<Record<string, string>>;

const own = textsIn(sourcesOf('renderer/**/*.{ts,tsx}'));
const defined = definedTexts();
const sentencesOfEngine = engineTexts();
const desktop = [
  ...desktopTextsIn(sourcesOf('electron/**/*.ts')),
  ...Object.values(menuItems)
    .flat()
    .flatMap((item) => (item === null ? [] : [{ key: item.label, isPlural: false, place: 'electron/menu-items.ts' }])),
];

/** Under which keys a text stands in a file: a number has two, and a name may differ from the command. */
const keysOf = (key: string, isPlural: boolean): string[] => (isPlural ? [`${key}_one`, `${key}_other`] : [key]);
const holds = (texts: Texts, key: string): boolean => key in texts || `${key}_noun` in texts;

/** What a file wants, each with where it is written; add them there, or see docs/languages.md. */
const missingOf = (wanted: readonly { key: string; place: string }[], ...files: readonly Texts[]): string[] =>
  wanted.filter(({ key }) => !files.some((file) => holds(file, key))).map(({ key, place }) => `${place}: ${key}`);

/** What a file holds and nobody asks for. */
const extraOf = (file: Texts, wanted: readonly { key: string }[]): string[] => {
  const keys = new Set(wanted.flatMap(({ key }) => [key, `${key}_noun`]));
  return Object.keys(file).filter((key) => !keys.has(key));
};

const ofWindow = own.flatMap(({ key, isPlural, place }) => keysOf(key, isPlural).map((one) => ({ key: one, place })));

describe('French has', () => {
  it('every text of the window, in fr/window.json', () => {
    expect(missingOf(ofWindow, window)).toEqual([]);
  });

  it('every text of the definitions and examples, in fr/definitions.json', () => {
    expect(missingOf(defined, definitions, window)).toEqual([]);
  });

  it('every sentence of the engine, in fr/sentences.json', () => {
    expect(missingOf(sentencesOfEngine, sentences, definitions, window)).toEqual([]);
  });

  it('every text of the desktop, in electron/fr.json', () => {
    expect(missingOf(desktop, french)).toEqual([]);
  });
});

describe('French has no text that nobody asks for', () => {
  it('in fr/window.json', () => {
    expect(extraOf(window, ofWindow)).toEqual([]);
  });

  it('in fr/definitions.json', () => {
    expect(extraOf(definitions, defined)).toEqual([]);
  });

  it('in fr/sentences.json', () => {
    expect(extraOf(sentences, sentencesOfEngine)).toEqual([]);
  });

  it('in electron/fr.json', () => {
    expect(extraOf(french, desktop)).toEqual([]);
  });

  it('and not-said.json names only what the engine holds', () => {
    expect(silentNoMore()).toEqual([]);
  });
});

describe.each(Object.entries({ window, definitions, sentences, desktop: french }))('the texts of %s', (_, texts) => {
  const all = Object.entries(texts as Texts);

  it('name the same values as the English ones', () => {
    // The words of a plural may say its number, as "one" and "both" do.
    const values = (text: string, isPlural: boolean): string =>
      placesIn(text)
        .filter((name) => !(isPlural && name === 'count'))
        .sort()
        .join();
    const wrong = all.filter(([key, text]) => {
      const isPlural = /_(one|other)$/.test(key);
      return values(text, isPlural) !== values(key.replace(/_(one|other|noun)$/, ''), isPlural);
    });
    expect(wrong).toEqual([]);
  });

  it('keep the signs of French: typographic apostrophes, and blanks that do not break', () => {
    // In backticks and braces stands what is typed.
    const read = all.map(([, text]) => text.replaceAll(/`[^`]*`|\{[^{}]*\}/g, ''));
    expect(read.filter((text) => /\p{L}'\p{L}| [:;!?»]|« |\.\.\./u.test(text))).toEqual([]);
  });

  it('say something', () => {
    expect(all.filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
