import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const preload = pathToFileURL(join(import.meta.dirname, 'exit-with-owner.mjs')).href;

test('a program ends when the process that started it is gone', async () => {
  const child = spawn(process.execPath, ['--import', preload, '-e', 'process.send(1); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.disconnect();
  const [code] = await once(child, 'exit');
  expect(code).toBe(129);
});

test('a program that has nothing left to do ends by itself', async () => {
  const child = spawn(process.execPath, ['--import', preload, '-e', ''], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
