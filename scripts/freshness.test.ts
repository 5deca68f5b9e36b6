import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isCheckout, isStale, markBuilt } from './freshness.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'freshness-'));
  for (const folder of ['engine/model', 'renderer', 'electron', 'scripts'])
    mkdirSync(join(root, folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, atMs: number): void => {
  writeFileSync(join(root, path), '');
  utimesSync(join(root, path), atMs / 1000, atMs / 1000);
};

/** Directories get a time too, since creating a file in one moves it. */
const age = (atMs: number): void => {
  for (const folder of ['engine/model', 'engine', 'renderer', 'electron'])
    utimesSync(join(root, folder), atMs / 1000, atMs / 1000);
};

test('what was never built is stale', () => {
  expect(isStale(root, 'engine')).toBe(true);
});

test('what was built after the last change is not stale', () => {
  write('engine/model/a.ts', 1_000_000);
  age(1_000_000);
  markBuilt(root, 'engine', 2_000_000);
  expect(isStale(root, 'engine')).toBe(false);
});

test('a change during the build makes its result stale', () => {
  write('engine/model/a.ts', 2_000_001);
  age(1_000_000);
  markBuilt(root, 'engine', 2_000_000);
  expect(isStale(root, 'engine')).toBe(true);
});

test('a file that was removed makes the build stale', () => {
  write('engine/model/a.ts', 1_000_000);
  age(1_000_000);
  markBuilt(root, 'engine', 2_000_000);
  rmSync(join(root, 'engine/model/a.ts'));
  expect(isStale(root, 'engine')).toBe(true);
});

test('a changed test or interface does not make the engine stale', () => {
  write('engine/model/a.test.ts', 3_000_000);
  write('renderer/App.tsx', 3_000_000);
  age(1_000_000);
  markBuilt(root, 'engine', 2_000_000);
  markBuilt(root, 'renderer', 2_000_000);
  expect(isStale(root, 'engine')).toBe(false);
  expect(isStale(root, 'renderer')).toBe(true);
});

test('a directory without our build script is no checkout', () => {
  expect(isCheckout(root)).toBe(false);
  write('scripts/bundles.mjs', 1_000_000);
  expect(isCheckout(root)).toBe(true);
});
