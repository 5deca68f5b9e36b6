import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Guardian, startGuardian } from './guardian.ts';
import { descendantsOf, readProcess } from './process-table.ts';

const environment = {
  nodeBinary: process.env.ARCHIPEL_NODE ?? process.execPath,
  env: { ...process.env, ARCHIPEL_RUN: 'guardian-test' } as Record<string, string>,
  bundleFile: (name: string) => join(import.meta.dirname, '../../../dist/engine', name),
};

const lives = (pid: number): boolean => {
  const entry = readProcess(pid);
  return entry !== null && !entry.zombie;
};

async function until(what: string, holds: () => boolean, withinMs = 3000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const spinning = (): ChildProcess => {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

const begin = async (): Promise<Guardian> => {
  const guardian = await startGuardian(environment);
  onTestFinished(() => guardian.stop());
  return guardian;
};

const temporary = (prefix: string): string => {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

interface Told {
  owner: number;
  guardian: number;
  spins: number;
  stopped: number;
  family: number;
  stranger: number;
  released: number;
  directory: string;
  last?: number;
}

/** Starts the owner and resolves with what it started. */
async function startOwner(mode: 'wait' | 'at-once'): Promise<Told> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/owner.ts'), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void owner.kill('SIGKILL'));
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  const told = JSON.parse(line) as Told;
  onTestFinished(() => {
    if (lives(told.released)) process.kill(told.released, 'SIGKILL');
  });
  return told;
}

describe.runIf(process.platform === 'linux')('when its owner is killed', () => {
  for (const round of [1, 2, 3])
    it(`ends who spins, who is stopped, who ignores signals with all its children, and removes the directory (round ${round})`, async () => {
      const told = await startOwner('wait');
      await until('the family is complete', () => descendantsOf([told.family]).length === 2);
      const victims = [
        told.spins,
        told.stopped,
        told.family,
        told.stranger,
        ...descendantsOf([told.family]).map(({ pid }) => pid),
      ];
      expect(victims.filter(lives)).toEqual(victims);

      process.kill(told.owner, 'SIGKILL');
      await until(
        'all are gone',
        () => !existsSync(told.directory) && [...victims, told.guardian].every((pid) => !lives(pid)),
      );
      expect(lives(told.released)).toBe(true);
    });

  it('knows a child that was started in the very moment of the kill', async () => {
    const told = await startOwner('at-once');
    await until(
      'all are gone',
      () => ![told.spins, told.stopped, told.family, told.guardian, told.last ?? 0].some(lives),
    );
    expect(existsSync(told.directory)).toBe(false);
  });
});

describe.runIf(process.platform !== 'win32')('a guardian', () => {
  it('ignores what ends its terminal', async () => {
    const guardian = await begin();
    const pid = guardian.pid() ?? 0;
    const child = spinning();
    guardian.watch(child.pid ?? 0);
    const ended = once(child, 'exit');
    const directory = temporary('archipel-ready-');
    guardian.watchDirectory(directory);
    await until('its handlers are set', () => ignoresSignals(pid));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    await guardian.stop();
    const [, signal] = await ended;
    expect(signal).toBe('SIGKILL');
    expect(existsSync(directory)).toBe(false);
  });

  it('is replaced when it dies, and the new one knows everything', async () => {
    const guardian = await begin();
    const [kept, released] = [spinning(), spinning()];
    const directory = temporary('archipel-replaced-');
    guardian.watch(kept.pid ?? 0);
    guardian.watch(released.pid ?? 0);
    guardian.watchDirectory(directory);
    guardian.release(released.pid ?? 0);
    const first = guardian.pid() ?? 0;
    process.kill(first, 'SIGKILL');
    await until('there is another', () => guardian.pid() !== null && guardian.pid() !== first);
    const ended = once(kept, 'exit');
    await guardian.stop();
    await ended;
    expect(existsSync(directory)).toBe(false);
    expect(lives(released.pid ?? 0)).toBe(true);
  });

  it('leaves alone what was released', async () => {
    const guardian = await begin();
    const child = spinning();
    const directory = temporary('archipel-released-');
    guardian.watch(child.pid ?? 0);
    guardian.watchDirectory(directory);
    guardian.release(child.pid ?? 0);
    guardian.releaseDirectory(directory);
    const pid = guardian.pid() ?? 0;
    await guardian.stop();
    expect(lives(pid)).toBe(false);
    expect(lives(child.pid ?? 0)).toBe(true);
    expect(existsSync(directory)).toBe(true);
  });

  it('removes no directory that does not carry our name in the temporary directory', async () => {
    const guardian = await begin();
    const foreign = temporary('somebody-elses-');
    const inside = join(foreign, 'archipel-inside');
    const ours = temporary('archipel-ours-');
    const nested = join(ours, 'replica');
    mkdirSync(inside);
    mkdirSync(nested);
    for (const path of [foreign, inside, `${ours}/../${foreign.split('/').pop()}`, nested])
      guardian.watchDirectory(path);
    await guardian.stop();
    expect([foreign, inside, ours, nested].map((path) => existsSync(path))).toEqual([true, true, true, false]);
  });

  it('says how to go on when it cannot be started', async () => {
    const starting = startGuardian({ ...environment, nodeBinary: '/nowhere/node' });
    await expect(starting).rejects.toMatchObject({
      code: 'start-failed',
      nextStep: expect.stringContaining('/nowhere/node'),
    });
  });
});

/** Whether it has set its handlers for SIGINT and SIGTERM; elsewhere than on Linux it is taken for granted after its start. */
function ignoresSignals(pid: number): boolean {
  if (process.platform !== 'linux') return true;
  const [, caught = '0'] = /SigCgt:\s+([0-9a-f]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const mask = BigInt(`0x${caught}`);
  return [1n, 2n, 15n].every((number) => (mask >> (number - 1n)) & 1n);
}
