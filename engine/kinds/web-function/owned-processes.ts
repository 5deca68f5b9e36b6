export interface OwnedProcesses {
  began(pid: number): void;
  ended(pid: number): void;
}

/** Processes that this one started. Whatever ends this one, nobody else would end one of them that spins. */
export function ownedProcesses(): OwnedProcesses {
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
  return { began: (pid) => void pids.add(pid), ended: (pid) => void pids.delete(pid) };
}
