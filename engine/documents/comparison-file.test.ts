import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openComparison, saveComparison } from './comparison-file.ts';
import { openDocument } from './open.ts';
import { examplesDirectory, listComparisons } from './templates.ts';

const name = 'monolith-is-simple.comparison.json';
let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-comparison-'));
  file = join(directory, name);
  for (const one of [name, 'shop-monolith.archipel.json', 'shop-microservices.archipel.json'])
    await cp(join(examplesDirectory(), one), join(directory, one));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const change = async (changes: object): Promise<void> =>
  writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changes }));

const saved = (opened: Awaited<ReturnType<typeof openComparison>>, changes: object = {}) =>
  saveComparison({
    ...opened,
    ...{ a: opened.a.path, b: opened.b.path, expectedRevision: opened.revision },
    ...changes,
  });

test('a comparison opens with both documents, and saved as it is it stays as it was, sign for sign', async () => {
  const before = await readFile(file, 'utf8');
  const opened = await openComparison(file);
  expect([opened.a.document.name, opened.b.document.name]).toEqual(['Shop, monolith', 'Shop, microservices']);
  expect(opened).toMatchObject({ title: 'A monolith is simple', plan: { scenario: 'steady', budget: { slots: 8 } } });
  expect(await saved(opened)).toEqual({ path: file, revision: opened.revision });
  expect(await readFile(file, 'utf8')).toBe(before);

  await saved(opened, { title: 'Simple?', plan: { ...opened.plan, blocks: 6 } });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...JSON.parse(before), title: 'Simple?', blocks: 6 });
  await expect(saved(opened)).rejects.toMatchObject({ code: 'document-conflict' });
});

test('saved elsewhere it names its documents from there, and takes the place of nothing but a comparison', async () => {
  const opened = await openComparison(file);
  await mkdir(join(directory, 'deeper'));
  const path = join(directory, 'deeper', 'own.comparison.json');
  await saved(opened, { path, expectedRevision: null });
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ a: '../shop-monolith.archipel.json' });
  expect((await openComparison(path)).b.path).toBe(opened.b.path);

  await writeFile(path, '{"format":1}');
  await expect(saved(opened, { path, expectedRevision: null })).rejects.toMatchObject({ code: 'document-conflict' });
  const document = { path: opened.a.path, expectedRevision: null };
  await expect(saved(opened, document)).rejects.toThrow('does not end in .comparison.json');
  const plan = { ...opened.plan, blocks: 'many' };
  await expect(saved(opened, { plan })).rejects.toMatchObject({ errors: [{ path: '$.blocks' }] });
});

test('whatever is wrong with what it names is told at once, with its place', async () => {
  await writeFile(join(directory, 'broken.archipel.json'), '{');
  await change({ a: 'nowhere.archipel.json', b: 'broken.archipel.json' });
  await expect(openComparison(file)).rejects.toMatchObject({
    code: 'document-invalid',
    errors: [
      { path: '$.a', message: `there is no file ${join(directory, 'nowhere.archipel.json')}` },
      { path: '$.b', message: expect.stringMatching(/broken\.archipel\.json is no JSON: line 1/) },
    ],
  });
  await change({ a: 'shop-monolith.archipel.json', b: name, scenario: 'night' });
  await expect(openComparison(file)).rejects.toMatchObject({
    errors: [
      { path: '$.b', message: expect.stringContaining('is a comparison of two documents') },
      { path: '$.scenario', message: 'document A has no scenario "night"', nextStep: 'It has "steady".' },
    ],
  });
  await change({ a: 7 });
  await expect(openComparison(file)).rejects.toMatchObject({ errors: [{ path: '$.a' }] });
  await expect(openDocument(file)).rejects.toThrow('is a comparison of two documents');
});

test('those that come with Archipel are told with their documents', async () => {
  expect(await listComparisons()).toContainEqual(
    expect.objectContaining({ title: 'A monolith is simple', b: expect.objectContaining({ format: 1 }) }),
  );
});
