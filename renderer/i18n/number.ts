import i18next from 'i18next';

/** How a language writes numbers. */
interface Writing {
  language: string;
  decimal: string;
  groups: Intl.NumberFormat;
}

let writing: Writing | null = null;

/** Kept, since figures are written many times a second. */
function writingNow(): Writing {
  const { language } = i18next;
  if (writing?.language === language) return writing;
  writing = { language, decimal: decimalSign(language), groups: new Intl.NumberFormat(language) };
  return writing;
}

/** What stands between the ones and the tenths. */
export const decimalSign = (language: string): string =>
  new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';

/** A number that was written with a decimal point, as the language writes it. */
export const inLanguage = (written: string): string => written.replace('.', writingNow().decimal);

/** With so many decimals, and without groups of digits. */
export const fixed = (value: number, decimals: number): string => inLanguage(value.toFixed(decimals));

/** With groups of digits: "12,400", "12 400". */
export const inGroups = (value: number): string => writingNow().groups.format(value);

/** A number and its unit, which French never parts. */
export const inUnit = (value: string, unit: string): string =>
  `${value}${i18next.language === 'fr' ? '\u00a0' : ' '}${unit}`;

/** As short as it is exact. */
export const inPlain = (value: number): string => inLanguage(String(value));
