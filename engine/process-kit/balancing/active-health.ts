import type { HealthCheck } from '../../model/balancing.ts';
import type { Clock } from '../clock.ts';

/**
 * Active health checks: every replica is asked at an interval. One counts as healthy until it has failed often enough in a
 * row, since callers are only told of replicas that were ready, and then as unhealthy until it has answered often enough.
 */
export interface ActiveChecks<Id> {
  /** Checks these from now on, and no others. */
  watch(ids: readonly Id[]): void;
  isHealthy(id: Id): boolean;
  stop(): void;
}

interface Watched {
  healthy: boolean;
  /** Results in a row that speak against its state. */
  against: number;
  cancel(): void;
}

export function createActiveChecks<Id>(
  { intervalMs, timeoutMs, healthyThreshold, unhealthyThreshold }: Omit<HealthCheck, 'path'>,
  options: { clock: Clock; check(id: Id, timeoutMs: number): Promise<boolean> },
): ActiveChecks<Id> {
  const { clock } = options;
  const watched = new Map<Id, Watched>();

  const look = async (id: Id, entry: Watched): Promise<void> => {
    const startedMs = clock.now();
    const answered = await options.check(id, timeoutMs);
    if (watched.get(id) !== entry) return;
    entry.cancel = clock.schedule(Math.max(0, intervalMs - (clock.now() - startedMs)), () => void look(id, entry));
    if (answered === entry.healthy) {
      entry.against = 0;
      return;
    }
    entry.against += 1;
    if (entry.against < (entry.healthy ? unhealthyThreshold : healthyThreshold)) return;
    entry.healthy = answered;
    entry.against = 0;
  };

  const leave = (id: Id): void => {
    watched.get(id)?.cancel();
    watched.delete(id);
  };

  return {
    watch(ids) {
      for (const id of [...watched.keys()]) if (!ids.includes(id)) leave(id);
      for (const id of ids) {
        if (watched.has(id)) continue;
        const entry: Watched = { healthy: true, against: 0, cancel: () => {} };
        watched.set(id, entry);
        void look(id, entry);
      }
    },
    isHealthy: (id) => watched.get(id)?.healthy ?? true,
    stop() {
      for (const id of [...watched.keys()]) leave(id);
    },
  };
}
