import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { putFile } from './put-file.ts';

test('a file that is being read stays whole, and one that holds the same already is not touched', () => {
  const directory = mkdtempSync(join(tmpdir(), 'archipel-put-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'modules/entry.mjs');
  putFile(path, 'before');
  const reader = openSync(path, 'r');
  const { ino } = statSync(path);
  putFile(path, Buffer.from('before'));
  expect(statSync(path).ino).toBe(ino);
  putFile(path, 'after');
  expect(readFileSync(reader, 'utf8')).toBe('before');
  closeSync(reader);
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(readdirSync(join(directory, 'modules'))).toEqual(['entry.mjs']);
});
