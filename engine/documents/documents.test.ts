import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { defaultEdgeConfig } from '../model/edge.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDocument } from '../model/parse.ts';
import { shop } from '../model/shop.fixture.ts';
import { openDocument } from './open.ts';
import { saveDocument, serialize } from './save.ts';
import { listTemplates } from './templates.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-documents-'));
  file = join(directory, 'shop.archipel.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const documentNamed = (name: string): ArchipelDocument => {
  const parsed = parseDocument({ ...shop(), name }, catalogue);
  if (!parsed.ok) throw new Error('the fixture is broken');
  return parsed.document;
};

const refusal = async (attempt: Promise<unknown>): Promise<ArchipelError> => {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArchipelError);
  expect((error as ArchipelError).nextStep).not.toBe('');
  return error as ArchipelError;
};

describe('opening a file', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['a truncated file', JSON.stringify(shop()).slice(0, 200), /line 1, column \d+: the file ends where/],
    ['a comma too many', '{\n  "format": 1,\n}', /line 3, column 1/],
    ['an empty file', '', /is empty/],
    ['a binary file', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2), /binary/],
    ['text that is no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /no text in UTF-8/],
    ['text in UTF-16', Buffer.from('\ufeff{}', 'utf16le'), /UTF-16/],
    ['a file beyond the limit', Buffer.alloc(20 * 1024 * 1024 + 1, ' '), /20\.0 MiB/],
  ])('refuses %s, and says where and why', async (_, content, message) => {
    await writeFile(file, content);
    const error = await refusal(openDocument(file));
    expect(error.code).toBe('document-unreadable');
    expect(error.message).toMatch(message);
    expect((await readFile(file)).equals(Buffer.from(content as string))).toBe(true);
  });

  it('says when there is no file, or a directory in its place', async () => {
    expect((await refusal(openDocument(file))).message).toBe(`there is no file ${file}`);
    expect((await refusal(openDocument(directory))).message).toBe(`${directory} is a directory`);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says when it may not be read', async () => {
    await writeFile(file, '{}', { mode: 0 });
    expect((await refusal(openDocument(file))).message).toMatch(/may not be read/);
  });

  it('hands over all problems of a document that is not sound', async () => {
    await writeFile(
      file,
      JSON.stringify({ ...shop(), format: 1, colour: 'red', edges: [{ id: 'A', source: 'x', target: 'y' }] }),
    );
    const error = await refusal(openDocument(file));
    expect(error.code).toBe('document-invalid');
    expect(error.errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['$.colour', '$.edges[0].id', '$.edges[0].source', '$.edges[0].target']),
    );
  });

  it('passes over a byte-order mark', async () => {
    await writeFile(file, `\ufeff${JSON.stringify(shop())}`);
    expect((await openDocument(file)).document.name).toBe('Shop');
  });

  it('opens unfinished work, with what is missing', async () => {
    const unfinished = shop();
    unfinished.experiments[0].scenario = 'renamed';
    await writeFile(file, JSON.stringify(unfinished));
    expect((await openDocument(file)).problems.map(({ path }) => path)).toEqual(['$.experiments[0].scenario']);
  });
});

describe('saving a file', () => {
  it('writes what opens again, and gives its revision', async () => {
    const document = documentNamed('Saved');
    const { revision } = await saveDocument({ path: file, document, expectedRevision: null });
    expect(await openDocument(file)).toEqual({ path: file, document, revision, migratedFrom: null, problems: [] });
    expect(await readdir(directory)).toEqual(['shop.archipel.json']);
  });

  it('refuses to replace what another program wrote meanwhile', async () => {
    const { revision } = await saveDocument({ path: file, document: documentNamed('Mine'), expectedRevision: null });
    await writeFile(file, serialize(documentNamed('Theirs')));
    const error = await refusal(
      saveDocument({ path: file, document: documentNamed('Mine again'), expectedRevision: revision }),
    );
    expect(error.code).toBe('document-conflict');
    expect((await openDocument(file)).document.name).toBe('Theirs');
  });

  it('refuses to bring back a file that is gone', async () => {
    const { revision } = await saveDocument({ path: file, document: documentNamed('Gone'), expectedRevision: null });
    await rm(file);
    expect(
      (await refusal(saveDocument({ path: file, document: documentNamed('Back'), expectedRevision: revision }))).code,
    ).toBe('document-conflict');
    expect(await readdir(directory)).toEqual([]);
  });

  it.each(['{"format": 1, "name": "half', '{"format": 99}', 'a shopping list'])(
    'never replaces a file that holds %j',
    async (content) => {
      await writeFile(file, content);
      expect(
        (await refusal(saveDocument({ path: file, document: documentNamed('New'), expectedRevision: null }))).code,
      ).toBe('document-conflict');
      expect(await readFile(file, 'utf8')).toBe(content);
      expect(await readdir(directory)).toEqual(['shop.archipel.json']);
    },
  );

  it('replaces an empty file, or another document, when it is saved under that name', async () => {
    await writeFile(file, '');
    await saveDocument({ path: file, document: documentNamed('First'), expectedRevision: null });
    await saveDocument({ path: file, document: documentNamed('Second'), expectedRevision: null });
    expect((await openDocument(file)).document.name).toBe('Second');
  });

  it('does not write a document that could not be opened again', async () => {
    const document = documentNamed('Dangling');
    const edge = { id: 'x', source: 'gate', target: 'ghost', config: defaultEdgeConfig };
    const error = await refusal(
      saveDocument({ path: file, document: { ...document, edges: [...document.edges, edge] }, expectedRevision: null }),
    );
    expect(error.errors[0]?.path).toBe('$.edges[3].target');
    expect(await readdir(directory)).toEqual([]);
  });

  it('says when the directory does not exist', async () => {
    const error = await refusal(
      saveDocument({
        path: join(directory, 'no', 'x.archipel.json'),
        document: documentNamed('X'),
        expectedRevision: null,
      }),
    );
    expect([error.code, error.message]).toEqual([
      'file-unwritable',
      expect.stringMatching(/its directory does not exist/),
    ]);
  });

  it.skipIf(process.platform === 'win32')('keeps the mode of the file, and the link that leads to it', async () => {
    const { revision } = await saveDocument({ path: file, document: documentNamed('Old'), expectedRevision: null });
    await chmod(file, 0o640);
    const link = join(directory, 'link.archipel.json');
    await symlink(file, link);
    await saveDocument({ path: link, document: documentNamed('New'), expectedRevision: revision });
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await openDocument(file)).document.name).toBe('New');
  });

  it('leaves all of the old or all of the new when it is killed half-way, and clears up after it', async () => {
    const large = { ...documentNamed('Old'), nodes: documentNamed('Old').nodes.map((node) => ({ ...node })) };
    const database = large.nodes.find(({ kind }) => kind === 'database');
    if (database) database.config = { ...database.config, setupSql: '-- a long script\n'.repeat(55_000) };
    await saveDocument({ path: file, document: large, expectedRevision: null });

    const isTemporary = (name: string): boolean => name.endsWith('.saving');
    const deadline = Date.now() + 25_000;
    let killedHalfWay = 0;
    while (killedHalfWay < 5 && Date.now() < deadline) {
      const before = (await readdir(directory)).filter(isTemporary);
      const saver = spawn(process.execPath, [join(import.meta.dirname, 'save-loop.fixture.ts'), file], {
        stdio: 'ignore',
      });
      const ended = once(saver, 'exit');
      // Kill it the moment it has begun to write.
      while (
        saver.exitCode === null &&
        !(await readdir(directory)).some((name) => isTemporary(name) && !before.includes(name))
      );
      saver.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
      const left = (await readdir(directory)).filter(isTemporary).filter((name) => !before.includes(name));
      if (left.length > 0) killedHalfWay += 1;
      expect(['Old', 'New']).toContain((await openDocument(file)).document.name);
    }
    expect(killedHalfWay).toBe(5);

    const { document, revision } = await openDocument(file);
    await saveDocument({ path: file, document, expectedRevision: revision });
    expect(await readdir(directory)).toEqual(['shop.archipel.json']);
  });
});

describe('templates', () => {
  it('are the documents of the directory, and nothing else in it', async () => {
    await saveDocument({ path: file, document: documentNamed('A shop'), expectedRevision: null });
    await writeFile(join(directory, 'notes.txt'), 'x');
    await mkdir(join(directory, 'more'));
    expect(await listTemplates(directory, join(directory, 'own'))).toMatchObject([
      { name: 'shop', title: 'A shop', description: '', path: file },
    ]);
  });
});
