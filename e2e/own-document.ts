import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from './browser-test.ts';

/** A node of a document in one row. */
export const node = (id: string, kind: string, x: number, config: object = {}) => ({
  id,
  kind,
  name: id,
  position: { x, y: 0 },
  config,
});

/** Path of a file with this document; it is there while the tests of the calling file run. */
export function ownDocument(name: string, document: object): string {
  const directory = mkdtempSync(join(tmpdir(), `archipel-${name}-`));
  const file = join(directory, `${name}.archipel.json`);
  test.beforeAll(() => writeFileSync(file, JSON.stringify(document)));
  test.afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return file;
}
