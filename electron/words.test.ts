import { afterEach, expect, it } from 'vitest';
import { inWords, nameOfRole, speak } from './words.ts';

afterEach(() => speak('en'));

it('speaks English until it is told another language that it knows', () => {
  expect(inWords('Save')).toBe('Save');
  expect(speak('fr-CA')).toBe(true);
  expect(inWords('Save')).toBe('Enregistrer');
  expect(speak('fr')).toBe(false);
  expect(speak('ja')).toBe(false);
  expect(inWords('Save')).toBe('Enregistrer');
});

it('puts values into their places, whatever they hold', () => {
  speak('fr');
  expect(inWords('Its log is {{file}}.', { file: '/tmp/$&/engine.log' })).toBe('Son journal est /tmp/$&/engine.log.');
});

it('leaves the names of items of the system to Electron where they are English', () => {
  expect(nameOfRole('Cut')).toEqual({});
  speak('fr');
  expect(nameOfRole('Cut')).toEqual({ label: 'Couper' });
});
