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

/** Id of the System V segment that PostgreSQL locks its data directory with: no directory holds it, and no exit removes it. */
const lockSegment = (directory: string): string =>
  readFileSync(join(directory, 'replica/data/postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/\s+/)[1] ?? '';

const segments = (): string[] =>
  readFileSync('/proc/sysvipc/shm', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[1] ?? '');

describe.runIf(process.platform === 'linux')('of a PostgreSQL under load whose owner is killed', () => {
  for (const moment of ['serving', 'serving', 'serving', 'paused', 'orphaned', 'starting'])
    it(`nothing is left within three seconds (${moment})`, async () => {
      const { owner, guardian, directory, port } = await startOwner(moment);
      const family = processesIn(directory).map(({ pid }) => pid);
      expect(family.length).toBeGreaterThan(0);
      const segment = moment === 'serving' || moment === 'paused' ? lockSegment(directory) : null;
      if (segment !== null) expect(segments()).toContain(segment);

      process.kill(owner, 'SIGKILL');
      const killedAt = performance.now();
      await until(
        'all is gone',
        () => !existsSync(directory) && ![...family, guardian].some(lives) && processesIn(directory).length === 0,
        3000,
      );
      expect(port === null ? false : await listens(port)).toBe(false);
      if (segment !== null) expect(segments()).not.toContain(segment);
      expect(performance.now() - killedAt).toBeLessThan(3000);
    });
});
