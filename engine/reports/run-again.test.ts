import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { experimentReport, HOSTILE } from './report.fixture.ts';
import { documentFile, runAgain } from './run-again.ts';
import { shellWord } from './shell-word.ts';

test.each([
  ['kill-one', 'kill-one'],
  ['a step of load', '"a step of load"'],
  ["it's; & | > <", `"it's; & | > <"`],
  ['-rf', '"-rf"'],
  ['', '""'],
  ['$(x) `y` "z" \\ ! %PATH%', '"?(x) ?y? ?z? ? ? ?PATH?"'],
  ['one\ntwo\u202e', '"one?two?"'],
])('%j is the word %s', (text, word) => {
  expect(shellWord(text)).toBe(word);
});

test.skipIf(process.platform === 'win32')(
  'a shell reads the command of a hostile document as words alone',
  async () => {
    const command = runAgain(experimentReport(HOSTILE)).replace('npx archipel', `printf '%s\\n'`);
    const { stdout, stderr } = await promisify(execFile)('/bin/sh', ['-c', command]);
    expect([stdout.split('\n').length, stderr]).toEqual([7, '']);
  },
);

test('a document gets a file name that every file system takes', () => {
  expect(documentFile('Shop, monolith (é)')).toBe('shop-monolith-e.archipel.json');
  expect(documentFile('../../etc/passwd')).toBe('etc-passwd.archipel.json');
  expect(documentFile('日本')).toBe('document.archipel.json');
});
