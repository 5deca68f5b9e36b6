import { ArchipelError } from '../model/error.ts';
import type { ProcessTarget } from './inject.ts';

/** The pid of the target. Throws where nothing runs; `what` says what cannot be done then. */
export function pidOf(target: ProcessTarget, what: string): number {
  const pid = target.pid();
  if (pid !== null) return pid;
  throw new ArchipelError(
    'fault-impossible',
    `Replica ${target.replica} of "${target.nodeId}" has no process that could be ${what}.`,
    'Wait until it runs, or restart it.',
  );
}
