import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentOf, node } from '../api/fixtures.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { createTrust } from './trust.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archipel-trust-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const withCode = (source: string): ArchipelDocument =>
  documentOf({
    nodes: [node('orders', 'service', { routes: [{ method: 'GET', path: '/', steps: [{ do: 'code', source }] }] })],
  });

test('a document without code needs no trust', async () => {
  const trust = createTrust(directory);
  const document = documentOf({ nodes: [node('orders', 'service')] });
  expect(await trust.ofFile('/somewhere/a.archipel.json', document)).toEqual({ trusted: true, code: [] });
  expect(trust.covers(document)).toBe(true);
});

test('code from somewhere else is not trusted, and is shown', async () => {
  const trust = createTrust(directory);
  const document = withCode('() => 1');
  expect(await trust.ofFile(join(directory, 'a.archipel.json'), document)).toEqual({
    trusted: false,
    code: [{ nodeId: 'orders', path: '$.nodes[0].config.routes[0].steps[0].source', text: '() => 1' }],
  });
  expect(trust.covers(document)).toBe(false);
});

test('a trusted file stays trusted for the next engine, until its code changes', async () => {
  const path = join(directory, 'a.archipel.json');
  await writeFile(path, '{}');
  await createTrust(directory).trust({ path, document: withCode('() => 1') });

  const later = createTrust(directory);
  expect((await later.ofFile(path, withCode('() => 1'))).trusted).toBe(true);
  expect(later.covers(withCode('() => 1'))).toBe(true);
  expect((await later.ofFile(path, withCode('() => 2'))).trusted).toBe(false);
  expect((await later.ofFile(join(directory, 'copy.archipel.json'), withCode('() => 1'))).trusted).toBe(false);
});

test('what stands beside the code may change', async () => {
  const path = join(directory, 'a.archipel.json');
  const trust = createTrust(directory);
  await trust.trust({ path, document: withCode('() => 1') });
  const moved = withCode('() => 1');
  moved.name = 'Another name';
  expect((await trust.ofFile(path, moved)).trusted).toBe(true);
});

test('code without a file is trusted until the engine ends, and leaves nothing behind', async () => {
  const trust = createTrust(directory);
  await trust.trust({ path: null, document: withCode('() => 1') });
  expect(trust.covers(withCode('() => 1'))).toBe(true);
  expect(await readdir(directory)).toEqual([]);
  expect(createTrust(directory).covers(withCode('() => 1'))).toBe(false);
});

test('trust is listed and revoked by file', async () => {
  const path = join(directory, 'a.archipel.json');
  const trust = createTrust(directory);
  await trust.trust({ path, document: withCode('() => 1') });
  await trust.trust({ path, document: withCode('() => 2') });
  expect((await trust.list()).map((entry) => entry.path)).toEqual([path, path]);
  expect(await trust.revoke(path)).toBe(2);
  expect(await trust.list()).toEqual([]);
  expect((await createTrust(directory).ofFile(path, withCode('() => 1'))).trusted).toBe(false);
});
