import type { EnvironmentStatus } from '../../process-kit/protocol.ts';
import { Environment } from './environment.ts';
import type { Host } from './host.ts';
import type { Meter } from './meter.ts';

/** What decides how many environments there are. */
export interface PoolLimits {
  /** Requests that one environment takes before another one is started. */
  concurrency: number;
  environments: number;
  /** Beyond all that: a request waits its turn inside an environment, or is refused. */
  whenFull: 'crowd' | 'refuse';
  idleTimeoutMs: number;
  /** CPU time of a request at most; null: any. */
  cpuLimitMs: number | null;
  /** Of an environment: what its busy time is billed with. */
  memoryMb: number;
  initTimeoutMs: number;
}

export interface Pool {
  /** An environment with room, a new one where needed; null: there is none and must not be. `fresh`: a new one in any case. */
  grant(options?: { fresh?: boolean }): Environment | null;
  /** A request has left. */
  released(environment: Environment, busyMs: number): void;
  /** Those that there are take no new requests any more. */
  renew(): void;
  /** This one takes none any more. */
  retire(environment: Environment): void;
  /** Resolves when none of those is left that there are now. */
  empty(): Promise<void>;
  configure(limits: PoolLimits): void;
  members(): readonly Environment[];
  statuses(): EnvironmentStatus[];
  /** CPU time and memory of all that ran: cumulative, and now. */
  usage(): { cpuUs: number; rssBytes: number };
  stop(): Promise<void>;
}

export interface PoolOptions {
  limits: PoolLimits;
  meter: Meter;
  createHost(): Host;
  /** Waits for its turn to start, if there are others. */
  start(begin: () => Promise<string | null>): Promise<string | null>;
}

/** Late by so much at most, a limit of CPU time is looked at. */
const LOOK_MS = 10;

export function createPool({ limits: initial, meter, createHost, start }: PoolOptions): Pool {
  let limits = initial;
  let pastCpuUs = 0;
  let isStopped = false;
  let looking: NodeJS.Timeout | undefined;
  const members = new Set<Environment>();
  /** Of a generation before, until their last request has left. */
  const old = new WeakSet<Environment>();

  const begin = (): Environment => {
    meter.count('environmentsStarted');
    const environment: Environment = new Environment(createHost(), (host) =>
      start(() => host.start(limits.initTimeoutMs)),
    );
    members.add(environment);
    void environment.ready.then((failure) => {
      meter.count('initMs', environment.initMs);
      if (failure === null) {
        meter.time('init', environment.initMs);
        if (environment.flights.size === 0) rest(environment);
        return;
      }
      meter.count('initFailures');
      console.log(`an environment did not start: ${failure}`);
    });
    void environment.host.gone.then((how) => {
      takeCpu(environment);
      pastCpuUs += environment.host.cpuUs();
      clearTimeout(environment.idleTimer);
      members.delete(environment);
      if (environment.flights.size > 0)
        console.log(`an environment with ${environment.flights.size} requests is gone: ${how}`);
    });
    return environment;
  };

  const takeCpu = (environment: Environment): void => meter.count('cpuMs', environment.takeCpuMs());

  const end = (environment: Environment): void => {
    clearTimeout(environment.idleTimer);
    if (environment.state === 'gone' || environment.state === 'ending') return;
    environment.state = 'ending';
    void environment.host.shutDown();
  };

  /** It has nothing to do. */
  const rest = (environment: Environment): void => {
    clearTimeout(environment.idleTimer);
    if (environment.state !== 'ready') return;
    if (isStopped || old.has(environment)) end(environment);
    else environment.idleTimer = setTimeout(() => end(environment), limits.idleTimeoutMs);
  };

  const look = (): void => {
    looking = undefined;
    for (const environment of members) {
      if (environment.flights.size === 0 || environment.state !== 'ready') continue;
      if (limits.cpuLimitMs === null || !environment.exceeds(limits.cpuLimitMs)) continue;
      environment.endedBy = 'cpu';
      environment.host.kill();
    }
    watch();
  };
  const watch = (): void => {
    if (looking || limits.cpuLimitMs === null) return;
    if ([...members].some(({ flights }) => flights.size > 0)) looking = setTimeout(look, LOOK_MS);
  };

  const usable = (): Environment[] =>
    [...members].filter(
      (each) => !old.has(each) && each.endedBy === null && (each.state === 'ready' || each.state === 'starting'),
    );

  return {
    grant({ fresh = false } = {}) {
      let candidates = usable();
      if (fresh) {
        // Those that have nothing to do make room; one in the middle of requests goes on with them.
        for (const each of candidates)
          if (each.state === 'ready') {
            old.add(each);
            if (each.flights.size === 0) end(each);
          }
        candidates = usable();
      }
      const emptiest = candidates.reduce<Environment | null>(
        (best, each) => (best === null || each.flights.size < best.flights.size ? each : best),
        null,
      );
      let chosen = emptiest;
      if (chosen === null || chosen.flights.size >= limits.concurrency) {
        if (candidates.length < limits.environments) chosen = begin();
        else if (limits.whenFull === 'refuse') return null;
      }
      if (chosen === null) return null;
      clearTimeout(chosen.idleTimer);
      queueMicrotask(watch);
      return chosen;
    },
    released(environment, busyMs) {
      takeCpu(environment);
      meter.count('busyMs', busyMs);
      meter.count('busyMbMs', busyMs * limits.memoryMb);
      if (environment.flights.size === 0) rest(environment);
    },
    renew() {
      for (const each of members) {
        old.add(each);
        if (each.flights.size === 0) rest(each);
      }
    },
    retire: (environment) => void old.add(environment),
    async empty() {
      await Promise.all([...members].map(({ host }) => host.gone));
    },
    configure(changed) {
      limits = changed;
      for (const each of members) if (each.flights.size === 0) rest(each);
    },
    members: () => [...members],
    statuses: () =>
      [...members].flatMap((each): EnvironmentStatus[] => {
        if (each.state === 'gone') return [];
        const state = each.state === 'ready' ? (each.flights.size > 0 ? 'busy' : 'idle') : each.state;
        return [
          {
            ...{ pid: each.host.pid, state, isProvisioned: false, invocations: each.invocations },
            initMs: each.initMs === 0 ? null : each.initMs,
            residentBytes: each.host.residentBytes(),
          },
        ];
      }),
    usage() {
      const sum = { cpuUs: pastCpuUs, rssBytes: 0 };
      for (const { host } of members) {
        // What runs in this process is counted with it.
        if (host.pid === process.pid) continue;
        sum.cpuUs += host.cpuUs();
        sum.rssBytes += host.residentBytes();
      }
      return sum;
    },
    async stop() {
      isStopped = true;
      clearTimeout(looking);
      await Promise.all(
        [...members].map(async (each) => {
          clearTimeout(each.idleTimer);
          if (each.state === 'starting') each.host.kill();
          await each.ready;
          await each.host.shutDown();
        }),
      );
    },
  };
}
