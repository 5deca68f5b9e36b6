import { delay } from './delay.ts';
import type { ProcessTarget } from './inject.ts';

/** As a supervisor does: starts the process, and if that fails again after a while, until it runs or the signal ends. */
export async function startAgain(
  target: ProcessTarget,
  { everyMs, signal }: { everyMs: number; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await target.start();
      return;
    } catch {
      // Its log and its state say why; another attempt follows.
      await delay(everyMs, signal);
    }
  }
}
