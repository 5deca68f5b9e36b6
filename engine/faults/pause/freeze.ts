import { ArchipelError } from '../../model/error.ts';
import { exists, isStopped } from '../../runtime/operating-system.ts';
import { descendantsOf } from './process-tree.ts';

const STOP_DEADLINE_MS = 1000;

/** Stops a process and everything below it (SIGSTOP). Not for Windows. Resolves with the pids it stopped. */
export async function freeze(pid: number): Promise<number[]> {
  // The root first: once it is stopped it starts no more children.
  const frozen = [pid];
  try {
    process.kill(pid, 'SIGSTOP');
    await untilStopped([pid]);
    for (;;) {
      const fresh = (await descendantsOf(pid)).filter((child) => !frozen.includes(child));
      if (fresh.length === 0) return frozen;
      for (const child of fresh) if (signalIfThere(child, 'SIGSTOP')) frozen.push(child);
      await untilStopped(frozen);
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

/** The signal reaches a process that runs on another core a moment later. Where that cannot be seen, it is not waited for. */
async function untilStopped(pids: readonly number[]): Promise<void> {
  const deadlineMs = performance.now() + STOP_DEADLINE_MS;
  while (pids.some((pid) => isStopped(pid) === false && exists(pid))) {
    if (performance.now() > deadlineMs) throw new Error(`not stopped within ${STOP_DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
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
