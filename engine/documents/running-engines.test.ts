import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announceEngine, forgetEngine, runningEngines } from './running-engines.ts';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'archipel-engines-')), 'engines');
});
afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }));

const engine = { door: 'window', file: null, url: 'ws://127.0.0.1:4000/api', token: 'secret' } as const;

test('an engine is found while it runs, by its user alone', async () => {
  const withdraw = await announceEngine(engine, directory);
  expect(await runningEngines(directory)).toMatchObject([{ ...engine, pid: process.pid }]);
  const [name] = await readdir(directory);
  if (process.platform !== 'win32') {
    expect((await stat(join(directory, name as string))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  }
  withdraw();
  expect(await readdir(directory)).toEqual([]);
});

test('what a killed engine left is cleared up, and what cannot be one of ours is not used', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const withdraw = await announceEngine(engine, directory);
  await writeFile(join(directory, `${gone.pid}-00000000.json`), JSON.stringify({ ...engine, pid: gone.pid }));
  await writeFile(join(directory, `${process.pid}-00000001.json`), '{ "url": ');
  await writeFile(
    join(directory, `${process.pid}-00000002.json`),
    JSON.stringify({ ...engine, url: 'ws://example.com:80/api' }),
  );
  await writeFile(join(directory, 'notes.txt'), 'mine');
  expect(await runningEngines(directory)).toHaveLength(1);
  expect(await readdir(directory)).toHaveLength(2);
  await forgetEngine({ ...engine, pid: process.pid, startedAtMs: 0 }, directory);
  expect(await readdir(directory)).toEqual(['notes.txt']);
  withdraw();
});

test('without a directory no engine runs', async () => {
  expect(await runningEngines(join(directory, 'nowhere'))).toEqual([]);
});
