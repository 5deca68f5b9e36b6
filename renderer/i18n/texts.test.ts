import { describe, expect, it } from 'vitest';
import english from './en.json' with { type: 'json' };
import { bareTextsIn, deafComponentsIn, sourcesOf, textsIn, wrongValuesIn } from './sources.fixture.ts';

const sources = sourcesOf('renderer/**/*.{ts,tsx}');
const texts = textsIn(sources);

describe('the texts of the window', () => {
  it('are given the values that they name', () => {
    expect(wrongValuesIn(sources)).toEqual([]);
  });

  it('all go through `t`, so that a language can reach them', () => {
    expect(bareTextsIn(sources)).toEqual([]);
  });

  it('are rendered again in another language', () => {
    expect(deafComponentsIn(sources)).toEqual([]);
  });

  it('have their plurals in English, and no others', () => {
    const counted = new Set(texts.filter(({ isPlural }) => isPlural).map(({ key }) => key));
    const wanted = [...counted].flatMap((key) => [`${key}_one`, `${key}_other`]);
    expect(Object.keys(english).sort()).toEqual(wanted.sort());
  });
});
