import type { PassiveHealth } from '../../model/balancing.ts';
import type { Outcome } from './outcome.ts';

interface Record {
  failures: number;
  firstFailureMs: number;
  /** No request before this; then one, and until it has ended no other. */
  downUntilMs: number;
  trying: boolean;
}

/**
 * Passive health checks in the manner of NGINX's `max_fails` and `fail_timeout`: a replica that cannot be reached so many
 * times within that time gets nothing for that time, then one request that decides.
 * https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_fails
 */
export interface PassiveChecks<Id> {
  record(id: Id, outcome: Outcome): void;
  isDown(id: Id): boolean;
  /** A request goes to it. */
  sent(id: Id): void;
  forget(id: Id): void;
}

export function createPassiveChecks<Id>(
  { maxFailures, failTimeMs }: PassiveHealth,
  now: () => number,
): PassiveChecks<Id> {
  const records = new Map<Id, Record>();
  return {
    record(id, outcome) {
      const known = records.get(id);
      if (known) known.trying = false;
      if (outcome === 'unknown') return;
      if (outcome !== 'unreachable') {
        records.delete(id);
        return;
      }
      const nowMs = now();
      const record =
        known && (known.failures >= maxFailures || nowMs - known.firstFailureMs < failTimeMs)
          ? known
          : { failures: 0, firstFailureMs: nowMs, downUntilMs: 0, trying: false };
      records.set(id, record);
      record.failures += 1;
      if (record.failures >= maxFailures) record.downUntilMs = nowMs + failTimeMs;
    },
    isDown(id) {
      const record = records.get(id);
      if (!record || record.failures < maxFailures) return false;
      return record.trying || now() < record.downUntilMs;
    },
    sent(id) {
      const record = records.get(id);
      if (record && record.failures >= maxFailures) record.trying = true;
    },
    forget: (id) => void records.delete(id),
  };
}
