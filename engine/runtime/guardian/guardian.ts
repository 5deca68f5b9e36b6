import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { parse } from 'node:path';
import { ArchipelError } from '../../model/error.ts';

/** Ends and removes what the engine leaves behind when it dies without warning. */
export interface Guardian {
  /** Null for the moment in which a guardian that died is replaced. */
  pid(): number | null;
  /** Call it in the same turn of the event loop as the spawn: the line is in the pipe before this returns. */
  watch(pid: number, options?: { signal?: NodeJS.Signals }): void;
  release(pid: number): void;
  /** Only a directory whose name starts with `archipel-` in the temporary directory, or one inside it, is ever removed. */
  watchDirectory(path: string): void;
  releaseDirectory(path: string): void;
  /** Lets the guardian clear up what was not released, and waits for its end. */
  stop(): Promise<void>;
}

export interface GuardianOptions {
  nodeBinary: string;
  env: Record<string, string>;
  /** Where a bundle lies. */
  bundleFile(name: string): string;
}

const STOP_DEADLINE_MS = 3000;
const RESTART_DELAY_MAX_MS = 5000;

export async function startGuardian(options: GuardianOptions): Promise<Guardian> {
  const pids = new Map<number, string>();
  const directories = new Set<string>();
  let child: ChildProcess | null = null;
  let stopping = false;
  let restarts = 0;
  let restart: NodeJS.Timeout | undefined;

  /** libuv writes to a pipe at once and queues only what does not fit, so a line survives our SIGKILL right after. */
  const tell = (line: string): void => {
    child?.stdin?.write(`${line}\n`);
  };

  const start = (): ChildProcess => {
    const started = spawn(options.nodeBinary, [options.bundleFile('guardian.cjs')], {
      // Away from all directories that it may have to remove.
      cwd: parse(process.cwd()).root,
      env: options.env,
      // Its own session: what ends our terminal or our process group must not end it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    });
    started.unref();
    const { stdin } = started;
    stdin?.on('error', () => {});
    if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
    const replace = (): void => {
      if (child !== started) return;
      child = null;
      if (stopping) return;
      restart = setTimeout(() => void start(), Math.min(RESTART_DELAY_MAX_MS, restarts++ * 100));
      restart.unref();
    };
    started.on('exit', replace);
    started.on('error', replace);
    child = started;
    for (const line of pids.values()) tell(line);
    for (const path of directories) tell(`+dir ${path}`);
    return started;
  };

  const first = start();
  try {
    await once(first, 'spawn');
  } catch (error) {
    stopping = true;
    clearTimeout(restart);
    throw new ArchipelError(
      'start-failed',
      `the guardian process did not start: ${error instanceof Error ? error.message : String(error)}`,
      `Check that ${options.nodeBinary} runs; the variable ARCHIPEL_NODE names another Node.`,
      { cause: error },
    );
  }

  return {
    pid: () => child?.pid ?? null,
    watch(pid, { signal } = {}) {
      const line = signal ? `+${pid} ${signal}` : `+${pid}`;
      pids.set(pid, line);
      tell(line);
    },
    release(pid) {
      if (pids.delete(pid)) tell(`-${pid}`);
    },
    watchDirectory(path) {
      if (/[\r\n]/.test(path))
        throw new ArchipelError(
          'internal',
          'a directory to watch has a line break in its path',
          'Use a temporary directory without one.',
        );
      directories.add(path);
      tell(`+dir ${path}`);
    },
    releaseDirectory(path) {
      if (directories.delete(path)) tell(`-dir ${path}`);
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
      ending.ref();
      const gone = once(ending, 'exit');
      const late = setTimeout(() => ending.kill('SIGKILL'), STOP_DEADLINE_MS);
      ending.stdin?.end();
      await gone;
      clearTimeout(late);
    },
  };
}
