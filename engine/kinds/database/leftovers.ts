import { realpathSync } from 'node:fs';
import { ArchipelError } from '../../model/error.ts';
import { processesIn } from '../../runtime/guardian/process-table.ts';

const DEADLINE_MS = 3000;

/**
 * Ends what a killed server has left: its children end by themselves unless they are busy, and until then the next server
 * refuses to start. Only Linux says who they are; elsewhere the next server's own refusal stands.
 */
export async function endLeftovers(data: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  const directory = realpathSync(data);
  for (;;) {
    const left = processesIn(directory).filter(({ zombie }) => !zombie);
    if (left.length === 0) return;
    if (performance.now() > deadline)
      throw new ArchipelError(
        'database-unavailable',
        `processes of the PostgreSQL that ran before are still there: ${left.map(({ pid }) => pid).join(', ')}`,
        'End them by hand, then start the node again.',
      );
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended in the meantime.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
