import { expect, test } from 'vitest';
import { documentPath } from './argv.ts';

const cwd = process.platform === 'win32' ? 'C:\\shops' : '/shops';
const file = process.platform === 'win32' ? 'C:\\shops\\shop.archipel.json' : '/shops/shop.archipel.json';

test('an installed app opens its first argument', () => {
  expect(documentPath(['archipel', 'shop.archipel.json'], { developing: false, cwd })).toBe(file);
});

test('in a checkout the first argument is the app and the second the document', () => {
  expect(documentPath(['electron', '.', 'shop.archipel.json'], { developing: true, cwd })).toBe(file);
  expect(documentPath(['electron', '.'], { developing: true, cwd })).toBeNull();
});

test('switches of Chromium are no documents, wherever they stand', () => {
  const argv = ['electron', '--no-sandbox', '--inspect=0', '.', '--disable-gpu', 'shop.archipel.json'];
  expect(documentPath(argv, { developing: true, cwd })).toBe(file);
});

test('without an argument nothing is opened', () => {
  expect(documentPath(['archipel'], { developing: false, cwd })).toBeNull();
});
