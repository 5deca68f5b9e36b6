import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentSchema } from '../model/document.ts';
import { readText } from './read-text.ts';
import { addRecent, forgetRecent, listRecent } from './recent.ts';
import { discardEdits, keepEdits, recoverableEdits } from './recovery.ts';
import { deleteTemplate, listTemplates, saveTemplate } from './templates.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'archipel-data-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const document = documentSchema.parse({
  format: 1,
  name: 'Mine',
  nodes: [{ id: 'a', kind: 'service', name: 'A', position: { x: 0, y: 0 }, config: {} }],
});
const edits = { path: null, directory: null, revision: null, atMs: 1, document };

describe('edits that no file has', () => {
  it('come back to the window that was loaded again, and not to others while their engine lives', async () => {
    await keepEdits({ ...edits, key: 'tab-1' }, data);
    expect(await recoverableEdits('tab-1', data)).toMatchObject([{ key: 'tab-1', document: { name: 'Mine' } }]);
    expect(await recoverableEdits('tab-2', data)).toEqual([]);
  });

  it('come back to anybody once the engine is gone, until they are given up', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    await keepEdits({ ...edits, key: 'tab-1' }, data);
    writeFileSync(join(data, 'recovery', 'tab-0.json'), JSON.stringify({ ...edits, key: 'tab-0', pid: gone, atMs: 5 }));
    writeFileSync(join(data, 'recovery', 'broken.json'), '{');
    expect((await recoverableEdits('tab-2', data)).map(({ key }) => key)).toEqual(['tab-0']);
    await discardEdits('tab-0', data);
    expect(await recoverableEdits('tab-2', data)).toEqual([]);
  });
});

it('recent files are listed newest first, each once, say when they are gone, and are forgotten', async () => {
  const [a, b] = ['a', 'b'].map((name) => join(data, name));
  for (const path of [a, b]) writeFileSync(path as string, '{}');
  for (const path of [a, b, a, join(data, 'gone')]) await addRecent({ path: path as string, name: 'x' }, data);
  const gone = join(data, 'gone');
  const listed = async () => (await listRecent(data)).map(({ path, missing }) => [path, missing]);
  expect(await listed()).toEqual([
    [gone, true],
    [a, false],
    [b, false],
  ]);
  await forgetRecent(gone, data);
  expect(await listed()).toEqual([
    [a, false],
    [b, false],
  ]);
  await forgetRecent(null, data);
  expect(await listed()).toEqual([]);
  writeFileSync(join(data, 'recent.json'), 'rubbish');
  expect(await listRecent(data)).toEqual([]);
});

it('templates of the user stand beside those that come along, under names of their own', async () => {
  const own = join(data, 'templates');
  const first = await saveTemplate(document, own);
  const second = await saveTemplate(document, own);
  expect(first).not.toBe(second);
  const listed = await listTemplates(undefined, own);
  expect(listed.filter((template) => template.own).map(({ title }) => title)).toEqual(['Mine', 'Mine']);
  expect(listed.some((template) => !template.own)).toBe(true);
  writeFileSync(join(own, 'broken.archipel.json'), '{');
  expect(await listTemplates(undefined, own)).toHaveLength(listed.length);
  await deleteTemplate(first, own);
  await expect(deleteTemplate(join(data, 'recent.json'), own)).rejects.toThrow(/no template/);
  expect(readdirSync(own).filter((name) => name.startsWith('mine'))).toHaveLength(1);
});

describe('text that was dropped', () => {
  it('is read as a document', () => {
    expect(readText('mine.archipel.json', JSON.stringify(document))).toMatchObject({ document, imported: null });
  });
  it.each([
    ['x.json', 'hello', /no JSON: line 1/],
    ['x.json', '', /empty/],
    ['x.json', '{"a": 1}', /no valid document/],
    ['x.json', '{"format": 99, "name": "x"}', /another version: the document has format 99.*up to 1/],
    ['x.yml', 'a: 1', /no services/],
  ])('%s with %j is refused with the reason', (name, text, why) => {
    expect(() => readText(name, text)).toThrow(why);
  });
});
