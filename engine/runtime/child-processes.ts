import { setTimeout as wait } from 'node:timers/promises';
import { exists } from './operating-system.ts';

/** Processes that a program of ours has started by itself. They must not outlive it. */
export interface ChildProcesses {
  /** The news of a beginning may come when the program is gone: such a process is ended at once. */
  take(pid: number, alive: boolean): void;
  /** The program is gone, and nobody is left who would end them. */
  orphan(): void;
  /** Another program has come in the place of the one before. */
  adopt(): void;
  /** Resolves when the operating system has none of those any more that were orphaned. */
  gone(): Promise<void>;
}

const LOOK_MS = 5;
const PATIENCE_MS = 2_000;

export function createChildProcesses(options: {
  onBegan(pid: number): void;
  onGone(pid: number): void;
}): ChildProcesses {
  const alive = new Set<number>();
  const ending = new Set<number>();
  let isOrphaned = false;

  const end = (pid: number): void => {
    alive.delete(pid);
    ending.add(pid);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };

  return {
    take(pid, isAlive) {
      if (isAlive) {
        options.onBegan(pid);
        alive.add(pid);
        if (isOrphaned) end(pid);
      } else if (alive.delete(pid)) options.onGone(pid);
    },
    orphan() {
      isOrphaned = true;
      for (const pid of [...alive]) end(pid);
    },
    adopt() {
      isOrphaned = false;
    },
    async gone() {
      const untilMs = performance.now() + PATIENCE_MS;
      for (const pid of ending) {
        while (exists(pid) && performance.now() < untilMs) await wait(LOOK_MS);
        ending.delete(pid);
        options.onGone(pid);
      }
    },
  };
}
