import type { Balancing } from '../../model/balancing.ts';
import { HEALTH_PATH } from '../../model/health-path.ts';
import { type Clock, processClock } from '../clock.ts';
import { faultHooks } from '../fault-hooks.ts';
import { answersHealthCheck } from '../health-check.ts';
import { type AvailabilitySettings, createAvailability } from './availability.ts';
import type { Endpoint } from './endpoint.ts';
import type { Outcome } from './outcome.ts';
import { pickFor } from './pick-for.ts';
import { createRoundRobin } from './round-robin.ts';
import { shareError } from './share-error.ts';
import { rampOf } from './slow-start.ts';

export interface BalancerSettings extends AvailabilitySettings {
  balancing: Balancing;
  /** Weight of a replica where the edge does not say it; default 1. */
  weightOf?(replica: number): number;
  /** 0: a new replica has its full share at once. */
  slowStartMs?: number;
}

/** The replicas of an edge's target, as its caller is told of them. */
export interface Replicas {
  /** Of the edge. */
  id?: string;
  ports: readonly number[];
  /** Their numbers, where they are not 0, 1, 2 … */
  replicas?: readonly number[];
  /**
   * Their shares, where it is not for the caller to choose them: while a new version is tried. They hold exactly, whatever
   * the balancing; only what goes by a key goes on to do so.
   */
  weights?: readonly number[];
  /** Where they answer health checks, if not where all programs of ours do. */
  healthPath?: string;
}

export interface BalancerFigures {
  replicas: number;
  /** Replicas that take requests. */
  available: number;
  ejected: number;
  /** Ejections so far. */
  ejections: number;
  /** See `shareError`. */
  shareError: number;
}

/**
 * The calling side of an edge: which replica gets the next request. It keeps no request and opens no connection.
 * Every `choose` that answers is followed by one `ended`.
 */
export interface Balancer {
  /** Undefined when there is no replica. When all of them are out, all are tried: better than to fail for certain. */
  choose(key?: string): Endpoint | undefined;
  /** A request to the replica at this port has ended. Of one that was removed meanwhile nothing is kept. */
  ended(port: number, outcome: Outcome): void;
  /** A replica that is not among them any more gets no new request; what is in flight there goes on. */
  update(replicas: Replicas): void;
  /** What was learnt about the replicas under the old settings is forgotten; what is in flight stays counted. */
  configure(settings: BalancerSettings): void;
  endpoints(): readonly Endpoint[];
  /** Requests sent so far, by number of the replica, with those that are gone. */
  sent(): Record<string, number>;
  figures(): BalancerFigures;
  close(): void;
}

export function createBalancer(
  initial: BalancerSettings,
  {
    clock = processClock,
    random = Math.random,
    check = answersHealthCheck,
  }: {
    clock?: Clock;
    random?: () => number;
    check?(port: number, path: string, timeoutMs: number): Promise<boolean>;
  } = {},
): Balancer {
  let settings = initial;
  let told: Replicas = { ports: [] };
  let endpoints: Endpoint[] = [];
  const sent: Record<string, number> = {};
  let pick = pickFor[initial.balancing](random);
  const inShares = createRoundRobin();
  const checkReplica = async ({ port, replica }: Endpoint, timeoutMs: number): Promise<boolean> => {
    const path = settings.healthCheck?.path ?? told.healthPath ?? HEALTH_PATH;
    let answered = await check(port, path, timeoutMs);
    for (const hook of faultHooks.healthCheck) answered = hook({ edgeId: told.id ?? null, replica, answered });
    return answered;
  };
  let availability = createAvailability(initial, { clock, check: checkReplica });
  /** Those that were out when they were last looked at: they start slowly when they return. */
  const out = new Set<Endpoint>();

  const place = (port: number, index: number, before: readonly Endpoint[]): Endpoint => {
    const replica = told.replicas?.[index] ?? index;
    const weight = told.weights?.[index] ?? settings.weightOf?.(replica) ?? 1;
    const known = before.find((endpoint) => endpoint.port === port && endpoint.replica === replica);
    if (known) return Object.assign(known, { fullWeight: weight, weight, requests: 0 });
    return { port, replica, fullWeight: weight, weight, inFlight: 0, requests: 0, sinceMs: clock.now() };
  };

  const pickNow = (usable: readonly Endpoint[], key: string | undefined): Endpoint =>
    (told.weights && key === undefined ? inShares : pick)(usable, key);

  const placeAll = (): void => {
    const before = endpoints;
    endpoints = told.ports.map((port, index) => place(port, index, before));
    for (const endpoint of out) if (!endpoints.includes(endpoint)) out.delete(endpoint);
    availability.watch(endpoints);
  };

  /** Replicas that may be chosen now, with their weights of now. */
  const candidates = (): readonly Endpoint[] => {
    const { slowStartMs = 0 } = settings;
    const usable: Endpoint[] = [];
    for (const endpoint of endpoints) {
      if (endpoint.fullWeight === 0) continue;
      if (availability.isOut(endpoint)) {
        out.add(endpoint);
        continue;
      }
      if (out.delete(endpoint)) endpoint.sinceMs = clock.now();
      if (slowStartMs > 0) endpoint.weight = endpoint.fullWeight * rampOf(clock.now() - endpoint.sinceMs, slowStartMs);
      usable.push(endpoint);
    }
    return usable.length > 0 ? usable : endpoints.filter(({ fullWeight }) => fullWeight > 0);
  };

  return {
    choose(key) {
      const usable = candidates();
      if (usable.length === 0) return undefined;
      const chosen = usable.length === 1 ? (usable[0] as Endpoint) : pickNow(usable, key);
      chosen.inFlight += 1;
      chosen.requests += 1;
      sent[chosen.replica] = (sent[chosen.replica] ?? 0) + 1;
      availability.sent(chosen);
      return chosen;
    },
    ended(port, outcome) {
      const endpoint = endpoints.find((candidate) => candidate.port === port);
      if (!endpoint) return;
      endpoint.inFlight -= 1;
      availability.ended(endpoint, outcome);
    },
    update(replicas) {
      if (isSame(told, replicas)) return;
      told = replicas;
      placeAll();
    },
    configure(changed) {
      availability.stop();
      settings = changed;
      pick = pickFor[changed.balancing](random);
      availability = createAvailability(changed, { clock, check: checkReplica });
      placeAll();
    },
    endpoints: () => endpoints,
    sent: () => sent,
    figures: () => ({
      replicas: endpoints.length,
      available: endpoints.filter((endpoint) => endpoint.fullWeight > 0 && !availability.isOut(endpoint)).length,
      ejected: endpoints.filter(availability.isEjected).length,
      ejections: availability.ejections(),
      shareError: shareError(endpoints),
    }),
    close: () => availability.stop(),
  };
}

const isSame = (a: Replicas, b: Replicas): boolean =>
  JSON.stringify([a.ports, a.replicas, a.weights, a.healthPath]) ===
  JSON.stringify([b.ports, b.replicas, b.weights, b.healthPath]);
