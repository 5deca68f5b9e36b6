import type { ProgramStart } from '../../process-kit/run-process.ts';

/** What a program does in the turn of a spawn, and when that process has ended. */
export interface OwnedProcesses {
  onBegan(pid: number): void;
  onEnded(pid: number): void;
}

/** Processes that this one starts: the host is told of each. Whatever ends this one, nobody else would end one of them that spins. */
export function ownedProcesses({
  childBegan,
  childEnded,
}: Pick<ProgramStart<unknown>, 'childBegan' | 'childEnded'>): OwnedProcesses {
  const pids = new Set<number>();
  process.on('exit', () => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  });
  return {
    onBegan(pid) {
      pids.add(pid);
      childBegan(pid);
    },
    onEnded(pid) {
      pids.delete(pid);
      childEnded(pid);
    },
  };
}
