import i18next from 'i18next';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatMs, formatRate, percent } from '../ui/format.ts';
import { formIn, formsOf } from './forms.ts';
import { languageFor } from './language.ts';
import { listed } from './list.ts';
import { said } from './said.ts';
import { t } from './t.ts';

describe('the language of the window', () => {
  it('is the first of those that a person reads which is spoken here, else English', () => {
    expect(languageFor(['fr-CA', 'en'])).toBe('fr');
    expect(languageFor(['de-CH', 'fr', 'en-GB'])).toBe('fr');
    expect(languageFor(['en-US', 'fr'])).toBe('en');
    expect(languageFor(['ja', 'zh-TW'])).toBe('en');
    expect(languageFor([])).toBe('en');
  });
});

describe('a sentence of the engine', () => {
  const forms = formsOf(['{{0}} is down', 'every {{0}} is down', 'no place', 'it holds {{0}} of {{1}} (all)']);

  it('is found by its own words, and gives its values back', () => {
    expect(formIn('orders is down', forms)).toEqual({ key: '{{0}} is down', values: ['orders'] });
    expect(formIn('it holds 2 of 3 (all)', forms)).toEqual({
      key: 'it holds {{0}} of {{1}} (all)',
      values: ['2', '3'],
    });
    expect(formIn('something else', forms)).toBeNull();
    expect(formIn('what a user wrote at length', formsOf(['{{0}} at {{1}}']))).toBeNull();
    expect(formIn('timeout at orders', formsOf(['{{0}} at {{1}}']))).not.toBeNull();
  });

  it('is of the form that has more words of its own', () => {
    expect(formIn('every node is down', forms)?.key).toBe('every {{0}} is down');
  });
});

describe('another language', () => {
  beforeAll(async () => {
    i18next.addResourceBundle('fr', 'translation', {
      'Only English': 'Seulement',
      '{{count}} lines_one': '{{count}} ligne',
      '{{count}} lines_many': '{{count}} de lignes',
      '{{count}} lines_other': '{{count}} lignes',
      'the edge "{{0}}" carries {{1}} requests': 'la liaison « {{0}} » transporte {{1}} requêtes',
      'could not act: {{0}}': 'n’a pas pu agir : {{0}}',
      'is missing': 'manque',
      kB: 'ko',
      Cache: 'Cache (titre)',
    });
    await i18next.changeLanguage('fr');
  });
  afterAll(async () => {
    i18next.removeResourceBundle('fr', 'translation');
    await i18next.changeLanguage('en');
  });

  it('counts in its own plurals', () => {
    expect(t('{{count}} lines', { count: 0 })).toBe('0 ligne');
    expect(t('{{count}} lines', { count: 2 })).toBe('2 lignes');
  });

  it('says sentences with their values, and those within them', () => {
    expect(said('the edge "a-b" carries 12 requests')).toBe('la liaison « a-b » transporte 12 requêtes');
    expect(said('the edge "a-b" carries 1.5 requests')).toBe('la liaison « a-b » transporte 1,5 requêtes');
    expect(said('could not act: is missing')).toBe('n’a pas pu agir : manque');
  });

  it('takes apart what the engine has put together', () => {
    expect(said('is missing; could not act: 2.5')).toBe('manque\u202f; n’a pas pu agir : 2,5');
    expect(said('is missing; what nobody has written down')).toBe('manque\u202f; what nobody has written down');
    expect(said('one; two')).toBe('one; two');
    expect(said('worker#0: is missing; worker#1: is missing')).toBe('worker#0: manque\u202f; worker#1: manque');
    expect(said('kill (kill-1): could not act: is missing; one')).toBe(
      'kill (kill-1): n’a pas pu agir : manque\u202f; one',
    );
    expect(said('is missing. could not act: 2.5')).toBe('manque. n’a pas pu agir : 2,5');
  });

  it('leaves names, and what it does not know, as they are', () => {
    expect(said('could not act: Cache')).toBe('n’a pas pu agir : Cache');
    expect(said('what nobody has written down')).toBe('what nobody has written down');
  });

  it('writes numbers and lists in its own way', () => {
    expect(formatRate(1250)).toBe('1,3k');
    expect(formatMs(12.34)).toBe('12,3\u00a0ms');
    expect(formatBytes(2500)).toBe('2,5\u00a0ko');
    expect(percent(99.5)).toBe('99,5\u00a0%');
    expect(formatCount(12_400)).toBe('12\u202f400');
    expect(listed(['a', 'b', 'c'])).toBe('a, b et c');
  });
});

it('English is written as it always was', () => {
  expect(formatMs(12.34)).toBe('12.3 ms');
  expect(formatCount(12_400)).toBe('12,400');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(t('{{count}} lines', { count: 1 })).toBe('1 line');
  expect(t('{{count}} lines', { count: 2 })).toBe('2 lines');
  expect(said('could not act: is missing')).toBe('could not act: is missing');
});
