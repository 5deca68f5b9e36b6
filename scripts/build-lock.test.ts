import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withBuildLock } from './build-lock.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-lock-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('two builds never overlap', async () => {
  let running = 0;
  let most = 0;
  const build = () =>
    withBuildLock(root, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
  await Promise.all([build(), build(), build()]);
  expect(most).toBe(1);
});

test('the lock goes when the build fails', async () => {
  await expect(withBuildLock(root, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(root, 'dist/.building'))).toBe(false);
});

test('the lock of a builder that died is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'dist/.building'), String(pid));
  expect(await withBuildLock(root, async () => 'built')).toBe('built');
});
