import { performance } from 'node:perf_hooks';
import type { Host } from './host.ts';

/** A request that an environment works on. */
export interface Flight {
  /** Its share of the CPU time of its environment while it was there. */
  cpuMs: number;
  /** It was alone all the time, so that all of that is its own. */
  isAlone: boolean;
}

export type EndedBy = 'cpu' | 'fault';

/** A host and the requests in it. */
export class Environment {
  readonly host: Host;
  state: 'starting' | 'ready' | 'ending' | 'gone' = 'starting';
  initMs = 0;
  invocations = 0;
  readonly flights = new Set<Flight>();
  /** Why we ended it in the middle of requests. */
  endedBy: EndedBy | null = null;
  /** Null: it answers. Else why not. */
  readonly ready: Promise<string | null>;
  idleTimer: NodeJS.Timeout | undefined;
  #seenCpuMs = 0;
  #sinceProgressMs = 0;
  #busyFromMs = 0;

  constructor(host: Host, start: (host: Host) => Promise<string | null>) {
    this.host = host;
    const startedMs = performance.now();
    this.ready = start(host).then((failure) => {
      this.initMs = performance.now() - startedMs;
      if (failure === null && this.state === 'starting') this.state = 'ready';
      this.#seenCpuMs = host.cpuUs() / 1000;
      return failure;
    });
    void host.gone.then(() => {
      this.state = 'gone';
    });
  }

  /** Takes a request in. */
  begin(): Flight {
    this.attribute();
    if (this.flights.size === 0) this.#busyFromMs = performance.now();
    this.invocations += 1;
    const flight: Flight = { cpuMs: 0, isAlone: this.flights.size === 0 };
    for (const other of this.flights) other.isAlone = false;
    this.flights.add(flight);
    return flight;
  }

  /** It has left. Resolves to how long the environment was busy, when this was the last one. */
  end(flight: Flight): number {
    this.progress();
    this.flights.delete(flight);
    return this.flights.size === 0 ? performance.now() - this.#busyFromMs : 0;
  }

  /** Something came out of it: it does not spin. */
  progress(): void {
    this.attribute();
    this.#sinceProgressMs = 0;
  }

  /** Shares the CPU time since the last time out among the requests that were there. Returns it. */
  attribute(): number {
    const nowMs = this.host.cpuUs() / 1000;
    const usedMs = Math.max(0, nowMs - this.#seenCpuMs);
    this.#seenCpuMs = nowMs;
    if (this.flights.size === 0) return 0;
    for (const flight of this.flights) flight.cpuMs += usedMs / this.flights.size;
    this.#sinceProgressMs += usedMs;
    this.#billedMs += usedMs;
    return usedMs;
  }

  #billedMs = 0;

  /** CPU time with requests since the last call. */
  takeCpuMs(): number {
    this.attribute();
    const taken = this.#billedMs;
    this.#billedMs = 0;
    return taken;
  }

  /**
   * Whether one of its requests has had more CPU time than that for sure: it was alone, or nothing has come out of the
   * environment for so long, of which one thread runs.
   */
  exceeds(limitMs: number): boolean {
    this.attribute();
    if (this.flights.size === 0) return false;
    if (this.#sinceProgressMs > limitMs) return true;
    for (const flight of this.flights) if (flight.isAlone && flight.cpuMs > limitMs) return true;
    return false;
  }
}
