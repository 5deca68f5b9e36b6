import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentTypeOf, rendererFile } from './renderer-files.ts';

const root = join(import.meta.dirname, 'interface');

test('the origin itself is the start page', () => {
  expect(rendererFile('archipel://app/', root)).toBe(join(root, 'index.html'));
});

test('a path names a file below the root, without its query and fragment', () => {
  expect(rendererFile('archipel://app/assets/main.js?v=1#x', root)).toBe(join(root, 'assets/main.js'));
  expect(rendererFile('archipel://app/a%20b.css', root)).toBe(join(root, 'a b.css'));
});

test.each([
  'archipel://app/../secret',
  'archipel://app/assets/../../secret',
  'archipel://app/%2e%2e/secret',
  'archipel://app/..%2fsecret',
  'archipel://app/..%5csecret',
  'archipel://app/%00',
  'archipel://app/%zz',
  'archipel://app/.',
])('%s leaves the root or names no file, and gets nothing', (url) => {
  expect(rendererFile(url, root)).toBeNull();
});

test.each(['archipel://other/index.html', 'archipel://application/', 'file:///etc/passwd', 'https://app/index.html'])(
  '%s is another origin, and gets nothing',
  (url) => {
    expect(rendererFile(url, root)).toBeNull();
  },
);

test('modules, styles and fonts carry the type that the window insists on', () => {
  expect(contentTypeOf('main.js')).toContain('text/javascript');
  expect(contentTypeOf('main.css')).toContain('text/css');
  expect(contentTypeOf('inter.woff2')).toBe('font/woff2');
  expect(contentTypeOf('unknown.bin')).toBe('application/octet-stream');
});
