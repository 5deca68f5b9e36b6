import i18next from 'i18next';
import { create } from 'zustand';
import { t } from './t.ts';

const languages = [{ language: 'en', name: 'English' }] as const;

export type Language = (typeof languages)[number]['language'];

/** Null: as the system, or the browser, has it. */
export type Choice = Language | null;

/** What a person can choose from; a language is named by itself. */
export const languageChoices: readonly { choice: Choice; title(): string }[] = [
  { choice: null, title: () => t('as the system has it') },
  ...languages.map(({ language, name }) => ({ choice: language, title: () => name })),
];

/** With one language there is nothing to choose. */
export const isLanguageChosen = languageChoices.length > 2;

const KEPT_AS = 'archipel-language';

/** Texts of another language than English come when they are wanted. */
const load: Partial<Record<Language, () => Promise<{ texts: Record<string, string> }>>> = {};

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
  const loadTexts = load[language];
  if (loadTexts && !i18next.hasResourceBundle(language, 'translation')) {
    const { texts } = await loadTexts();
    i18next.addResourceBundle(language, 'translation', texts);
  }
  // Another one was chosen while this one came.
  if (mine !== newest) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  useLanguage.setState({ language, choice });
}

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
