import i18next from 'i18next';
import { create } from 'zustand';
import { desktop } from '../engine-client/desktop.ts';
import { t } from './t.ts';

const languages = [
  { language: 'en', name: 'English' },
  { language: 'fr', name: 'Français' },
] as const;

export type Language = (typeof languages)[number]['language'];

/** Null: as the system, or the browser, has it. */
export type Choice = Language | null;

/** What a person can choose from; a language is named by itself. */
export const languageChoices: readonly { choice: Choice; title(): string }[] = [
  { choice: null, title: () => t('as the system has it') },
  ...languages.map(({ language, name }) => ({ choice: language, title: () => name })),
];

const KEPT_AS = 'archipel-language';

/** Texts of another language than English come when they are wanted. */
const load: Record<Exclude<Language, 'en'>, () => Promise<{ texts: Record<string, string> }>> = {
  fr: () => import('./fr/index.ts'),
};

export const useLanguage = create<{ language: Language; choice: Choice }>()(() => ({ language: 'en', choice: null }));

const isLanguage = (value: unknown): value is Language => languages.some(({ language }) => language === value);

/** The first of the languages that a person reads which Archipel speaks; English where it speaks none. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'en';
}

/** Shows the window in a language, without a loss of anything that is in it, and keeps the choice. */
export async function chooseLanguage(choice: Choice): Promise<void> {
  keep(choice);
  await show(choice);
}

/** Before the first render: what was chosen, or what the system has. */
export async function beginWithLanguage(): Promise<void> {
  await show(kept());
}

let newest = 0;

async function show(choice: Choice): Promise<void> {
  const mine = ++newest;
  const language = choice ?? languageFor(navigator.languages ?? [navigator.language]);
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    const { texts } = await load[language]();
    i18next.addResourceBundle(language, 'translation', withManyAsOther(texts));
  }
  // Another one was chosen while this one came.
  if (mine !== newest) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  useLanguage.setState({ language, choice });
  desktop?.setLanguage(language);
}

/** French has a plural for whole millions, which reads as any other one here, where numbers stand in digits. */
const withManyAsOther = (texts: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) =>
      key.endsWith('_other') ? [[key.replace(/other$/, 'many'), text]] : [],
    ),
  ),
  ...texts,
});

/** A browser may forbid pages to keep anything. */
function kept(): Choice {
  try {
    const value = localStorage.getItem(KEPT_AS);
    return isLanguage(value) ? value : null;
  } catch {
    return null;
  }
}

function keep(choice: Choice): void {
  try {
    if (choice === null) localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, choice);
  } catch {
    // Then it is asked for again.
  }
}
