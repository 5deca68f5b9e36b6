import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../kinds/database/fixtures/database.ts';
import { processesIn, readProcess } from './process-table.ts';

interface Told {
  owner: number;
  guardian: number;
  directory: string;
  port: number | null;
}

async function startOwner(moment: string): Promise<Told> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/database-owner.ts'), moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  return JSON.parse(line) as Told;
}

const lives = (pid: number): boolean => readProcess(pid)?.zombie === false;

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** Keys of shared memory segments, which no directory holds and no exit removes. */
const sharedMemory = (): string[] =>
  readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.trim().split(/\s+/)[1] ?? '');

describe.runIf(process.platform === 'linux')('of a PostgreSQL under load whose owner is killed', () => {
  for (const moment of ['serving', 'serving', 'serving', 'paused', 'orphaned', 'starting'])
    it(`nothing is left within three seconds (${moment})`, async () => {
      const before = new Set(sharedMemory());
      const { owner, guardian, directory, port } = await startOwner(moment);
      const family = processesIn(directory).map(({ pid }) => pid);
      expect(family.length).toBeGreaterThan(0);

      process.kill(owner, 'SIGKILL');
      const killedAt = performance.now();
      await until(
        'all is gone',
        () => !existsSync(directory) && ![...family, guardian].some(lives) && processesIn(directory).length === 0,
        3000,
      );
      expect(port === null ? false : await listens(port)).toBe(false);
      if (moment === 'serving' || moment === 'paused')
        expect(sharedMemory().filter((id) => !before.has(id))).toEqual([]);
      expect(performance.now() - killedAt).toBeLessThan(3000);
    });
});
