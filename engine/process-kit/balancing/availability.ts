import type { HealthCheck, OutlierEjection, PassiveHealth } from '../../model/balancing.ts';
import type { Clock } from '../clock.ts';
import { createActiveChecks } from './active-health.ts';
import type { Endpoint } from './endpoint.ts';
import type { Outcome } from './outcome.ts';
import { createOutlierEjections } from './outlier-ejection.ts';
import { createPassiveChecks } from './passive-health.ts';

export interface AvailabilitySettings {
  healthCheck?: HealthCheck;
  passiveHealth?: PassiveHealth;
  outlierEjection?: OutlierEjection;
}

/** Which replicas are out for now, by any of the three ways to find that out. A replica is in when none of them objects. */
export interface Availability {
  isOut(endpoint: Endpoint): boolean;
  isEjected(endpoint: Endpoint): boolean;
  ejections(): number;
  sent(endpoint: Endpoint): void;
  ended(endpoint: Endpoint, outcome: Outcome): void;
  /** These are the replicas from now on. */
  watch(endpoints: readonly Endpoint[]): void;
  stop(): void;
}

export function createAvailability(
  { healthCheck, passiveHealth, outlierEjection }: AvailabilitySettings,
  options: { clock: Clock; check(endpoint: Endpoint, timeoutMs: number): Promise<boolean> },
): Availability {
  const { clock } = options;
  const now = (): number => clock.now();
  let members: readonly Endpoint[] = [];
  const outliers = outlierEjection && createOutlierEjections(outlierEjection, { now, members: () => members });
  const passive = passiveHealth && createPassiveChecks<Endpoint>(passiveHealth, now);
  const active =
    healthCheck &&
    createActiveChecks<Endpoint>(healthCheck, {
      clock,
      check: options.check,
    });

  return {
    isOut: (endpoint) =>
      outliers?.isEjected(endpoint) === true ||
      passive?.isDown(endpoint) === true ||
      active?.isHealthy(endpoint) === false,
    isEjected: (endpoint) => outliers?.isEjected(endpoint) === true,
    ejections: () => outliers?.total() ?? 0,
    sent: (endpoint) => passive?.sent(endpoint),
    ended(endpoint, outcome) {
      outliers?.record(endpoint, outcome);
      passive?.record(endpoint, outcome);
    },
    watch(endpoints) {
      for (const endpoint of members) {
        if (endpoints.includes(endpoint)) continue;
        outliers?.forget(endpoint);
        passive?.forget(endpoint);
      }
      members = endpoints;
      active?.watch(endpoints);
    },
    stop: () => active?.stop(),
  };
}
