import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from './find-program.ts';

let root: string;
const file = (...parts: string[]): string => join(root, ...parts);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'archipel-find-program-'));
  for (const directory of ['a', 'b', 'shop', 'document/bin']) mkdirSync(file(directory), { recursive: true });
  const write = (path: string, mode: number, text = '#!/bin/sh\n'): void => {
    writeFileSync(file(path), text);
    chmodSync(file(path), mode);
  };
  write('a/notes', 0o644);
  write('b/notes', 0o755);
  write('b/python', 0o755);
  write('document/bin/serve', 0o755);
  write('shop/python3.exe', 0o755, '');
  write('b/py.exe', 0o755);
  write('b/tool.cmd', 0o755);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const find = (names: string[], platform: NodeJS.Platform = 'linux') =>
  findProgram(names, {
    directory: file('document'),
    env: { PATH: ['a', 'shop', 'b'].map((part) => file(part)).join(delimiter) },
    platform,
  });

describe('a program', () => {
  it.skipIf(process.platform === 'win32')('is the first executable file of that name on the PATH', () => {
    expect(find(['notes'])).toBe(file('b', 'notes'));
  });

  it('with a slash is looked for in the directory alone', () => {
    expect(find(['bin/serve'])).toBe(file('document', 'bin', 'serve'));
    expect(() => find(['./notes'])).toThrow(`there is no program "./notes" in ${file('document')}`);
  });

  it('is the first alternative that is there', () => {
    expect(find(['python3', 'python', 'py'])).toBe(file('b', 'python'));
  });

  it('that is nowhere is named, with all its alternatives', () => {
    expect(() => find(['pythn', 'pyhton'])).toThrow('there is no program "pythn" or "pyhton" on the PATH');
  });

  it('is no directory', () => {
    expect(() => find(['./bin'])).toThrow('there is no program');
  });
});

describe('on Windows', () => {
  it('the empty file that leads to the shop counts only where nothing else is there', () => {
    expect(find(['python3', 'py'], 'win32')).toBe(file('b', 'py.exe'));
    expect(find(['python3'], 'win32')).toBe(file('shop', 'python3.exe'));
  });

  it('a batch file is refused, since it would need a shell', () => {
    expect(() => find(['tool.cmd'], 'win32')).toThrow('is a batch file, which needs a shell');
  });
});
