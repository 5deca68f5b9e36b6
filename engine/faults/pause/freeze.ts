import { ArchipelError } from '../../model/error.ts';
import { descendantsOf } from './process-tree.ts';

/** Stops a process and everything below it (SIGSTOP). Not for Windows. Resolves with the pids it stopped. */
export async function freeze(pid: number): Promise<number[]> {
  // The root first: once it is stopped it starts no more children.
  const frozen = [pid];
  try {
    process.kill(pid, 'SIGSTOP');
    for (;;) {
      const fresh = (await descendantsOf(pid)).filter((child) => !frozen.includes(child));
      if (fresh.length === 0) return frozen;
      for (const child of fresh) if (signalIfThere(child, 'SIGSTOP')) frozen.push(child);
    }
  } catch (cause) {
    thaw(frozen);
    throw new ArchipelError(
      'fault-impossible',
      `Process ${pid} cannot be stopped.`,
      'Check that it still runs and is yours.',
      {
        cause,
      },
    );
  }
}

/** Lets stopped processes go on, the last stopped first. Those that ended meanwhile are passed over. */
export function thaw(pids: readonly number[]): void {
  for (const pid of [...pids].reverse()) signalIfThere(pid, 'SIGCONT');
}

function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
