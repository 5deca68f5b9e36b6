import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectory } from './data-directory.ts';
import { isAlive } from './is-alive.ts';

/** How an engine can be reached, and whose it is. Who can read this can use the engine: only its user may. */
export interface RunningEngine {
  pid: number;
  /** The front door that started it. */
  door: 'window' | 'web' | 'command';
  /** File that the front door was started with. */
  file: string | null;
  startedAtMs: number;
  url: string;
  token: string;
}

const enginesDirectory = (): string => join(dataDirectory(), 'engines');

const NAME = /^\d+-[0-9a-f]{8}\.json$/;

/**
 * Writes down that an engine runs, for front doors elsewhere. It is removed when the process exits; what a killed one
 * leaves, the next reader clears up. Answers what removes it earlier.
 */
export async function announceEngine(
  engine: Omit<RunningEngine, 'pid' | 'startedAtMs'>,
  directory: string = enginesDirectory(),
): Promise<() => void> {
  const file = join(directory, `${process.pid}-${randomBytes(4).toString('hex')}.json`);
  const entry: RunningEngine = { pid: process.pid, startedAtMs: Date.now(), ...engine };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Also where the directory was there before. On Windows the user's profile is private by itself.
  await chmod(directory, 0o700);
  const temporary = join(directory, `.${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(temporary, JSON.stringify(entry), { mode: 0o600, flag: 'wx' });
  await rename(temporary, file);
  const withdraw = (): void => {
    process.off('exit', withdraw);
    rmSync(file, { force: true });
  };
  process.once('exit', withdraw);
  return withdraw;
}

/** Engines whose process lives, the oldest first. What others have left is removed. */
export async function runningEngines(directory: string = enginesDirectory()): Promise<RunningEngine[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => NAME.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      if (isAlive(Number.parseInt(name, 10))) {
        const engine = parse(await readFile(file, 'utf8').catch(() => ''));
        if (engine) return [engine];
      }
      await rm(file, { force: true });
      return [];
    }),
  );
  return found.flat().sort((a, b) => a.startedAtMs - b.startedAtMs);
}

/** Removes what a process has left whose number now belongs to another program: nobody answers there. */
export async function forgetEngine({ url }: RunningEngine, directory: string = enginesDirectory()): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const file = join(directory, name);
    if (NAME.test(name) && parse(await readFile(file, 'utf8').catch(() => ''))?.url === url)
      await rm(file, { force: true });
  }
}

function parse(text: string): RunningEngine | null {
  try {
    const engine = JSON.parse(text) as RunningEngine;
    // Nothing but an engine of this machine is ever sent a token.
    return /^ws:\/\/127\.0\.0\.1:\d+\//.test(engine.url) && typeof engine.token === 'string' ? engine : null;
  } catch {
    return null;
  }
}
