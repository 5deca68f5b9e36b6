import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandTable } from './index.ts';

test('the README names exactly these commands', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const families = /## What it knows\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
  // Options and subcommands stand in brackets.
  const named = families.replaceAll(/\([^)]*\)/g, '').match(/\b[A-Z]{2,}(?:_RO)?\b/g) ?? [];
  expect(named.toSorted()).toEqual([...commandTable().keys()].map((name) => name.toUpperCase()).sort());
});
