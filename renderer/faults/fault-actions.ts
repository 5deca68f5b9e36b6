import type { FaultStatus } from '../../engine/api/types.ts';
import type { FaultCourse, FaultTarget } from '../../engine/model/fault.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { frameNow, useRun } from '../stores/run.ts';
import { showError } from '../stores/session.ts';

/** Default lease: long enough to see the damage, short enough to be forgotten. */
export const DEFAULT_LEASE_MS = 5000;

/** Lease of a fault that stays on until it is taken off, renewed while the window lives. */
const KEPT_LEASE_MS = 10_000;
const RENEW_BELOW_MS = 5000;

/** Faults to keep on. When the window goes, nobody renews, and they come off by themselves. */
const kept = new Set<string>();

export const isOn = (fault: FaultStatus): boolean =>
  fault.state === 'starting' || fault.state === 'on' || fault.state === 'ending';

/** A fault that does not tell its members is shown on none of them. */
export const actsOnNode = ({ members = [] }: FaultStatus, node: string, replica?: number): boolean =>
  members.some(
    (member) => 'node' in member && member.node === node && (replica === undefined || member.replica === replica),
  );

export const actsOnEdge = ({ members = [] }: FaultStatus, edge: string): boolean =>
  members.some((member) => 'edge' in member && member.edge === edge);

export async function inject(
  options: Partial<FaultCourse> & {
    fault: string;
    target: FaultTarget;
    parameters: Record<string, unknown>;
    /** Null: on until it is taken off. */
    leaseMs: number | null;
  },
): Promise<void> {
  try {
    const status = await engine.faults.inject.mutate({ ...options, leaseMs: options.leaseMs ?? KEPT_LEASE_MS });
    if (options.leaseMs === null) kept.add(status.id);
  } catch (error) {
    showError(t('The fault was not injected'), shownError(error));
  }
}

export async function takeOff(id: string): Promise<void> {
  kept.delete(id);
  try {
    await engine.faults.clear.mutate({ id });
  } catch (error) {
    showError(t('The fault was not taken off'), shownError(error));
  }
}

/** Resolves with those that were on, as they are when all are off; null when that went wrong. */
export async function takeOffAll(): Promise<FaultStatus[] | null> {
  kept.clear();
  try {
    return await engine.faults.clearAll.mutate();
  } catch (error) {
    showError(t('The faults were not taken off'), shownError(error));
    return null;
  }
}

export const isKept = (id: string): boolean => kept.has(id);

/** Renews the leases of kept faults in time. Returns how to stop. */
export function renewKeptFaults(): () => void {
  const renewing = new Set<string>();
  return useRun.subscribe(() => {
    const frame = frameNow();
    for (const fault of frame?.faults ?? []) {
      if (!kept.has(fault.id)) continue;
      if (!isOn(fault)) kept.delete(fault.id);
      else if (
        fault.state === 'on' &&
        fault.expiresAtMs - (frame?.atMs ?? 0) < RENEW_BELOW_MS &&
        !renewing.has(fault.id)
      ) {
        renewing.add(fault.id);
        engine.faults.renew
          .mutate({ id: fault.id, leaseMs: KEPT_LEASE_MS })
          .catch(() => kept.delete(fault.id))
          .finally(() => renewing.delete(fault.id));
      }
    }
  });
}
