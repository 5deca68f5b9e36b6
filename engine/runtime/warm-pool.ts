import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { freemem } from 'node:os';
import type { LoadProgram, WarmMessage } from '../process-kit/protocol.ts';
import { within } from './deadline.ts';
import type { Environment } from './environment.ts';

/**
 * Idle processes of Node that wait for a program, so that a replica is ready without the start of a Node. They are forked
 * one at a time, and only while nothing else starts: they are never in the way of a start that somebody waits for.
 */
export interface WarmPool {
  /** Turns an idle process into this program, and hands it over; null when none is ready. */
  take(program: string): ChildProcess | null;
  /**
   * From now on there are so many idle processes, as far as memory allows; more than that are ended. `at once`: one is forked
   * as soon as the one before is ready; else only when nothing was taken for a while.
   */
  keep(count: number, when: 'at once' | 'when quiet'): void;
  /** Nothing is forked until `keep` is called again; what waits is still there to be taken. */
  hold(): void;
  /** Idle processes that are ready to be taken. */
  readonly ready: number;
  /** Resolves when none is left. */
  stop(): Promise<void>;
}

/** How many wait beside a running topology by default. An idle one holds about 11 MB of its own. */
const WARM_PROCESSES = 2;
/** Most that ever wait: for the nodes of a document that may be run next. */
const MAX_WARM_PROCESSES = 64;
/** Idle processes take at most this share of the memory that is free. */
const MEMORY_SHARE = 0.2;
const IDLE_BYTES = 12 * 2 ** 20;

/** After a start, how long nothing may start before the pool is filled again. */
const QUIET_MS = 1_000;
const STOP_MS = 1_000;
/** So often in a row an idle process may end by itself before the pool gives up. */
const MAX_DEATHS = 3;

/** `ARCHIPEL_WARM_POOL` says how many wait beside a running topology, 0 to 64; with 0 none ever wait. */
export function warmProcesses(env: NodeJS.ProcessEnv = process.env): number {
  const wanted = Number(env.ARCHIPEL_WARM_POOL ?? WARM_PROCESSES);
  return Number.isInteger(wanted) ? Math.min(MAX_WARM_PROCESSES, Math.max(0, wanted)) : WARM_PROCESSES;
}

export function createWarmPool(options: {
  environment: Environment;
  /** In the turn of the fork, so that a guardian knows it. */
  onSpawn(pid: number): void;
  onGone(pid: number): void;
  /** Bytes of memory that nobody uses. */
  freeMemory?(): number;
}): WarmPool {
  const { environment, freeMemory = freemem } = options;
  const ready: ChildProcess[] = [];
  const leaving = new Set<ChildProcess>();
  let coming: ChildProcess | null = null;
  let wanted = 0;
  let gapMs = QUIET_MS;
  let deaths = 0;
  let timer: NodeJS.Timeout | undefined;

  const roomFor = (count: number): number =>
    Math.min(
      ...[count, MAX_WARM_PROCESSES],
      Math.floor(((freeMemory() + ready.length * IDLE_BYTES) * MEMORY_SHARE) / IDLE_BYTES),
    );

  const later = (afterMs: number): void => {
    clearTimeout(timer);
    if (deaths >= MAX_DEATHS || coming || ready.length >= roomFor(wanted)) return;
    timer = setTimeout(spawnOne, afterMs);
    timer.unref();
  };

  const spawnOne = (): void => {
    const child = fork(environment.bundleFile('warm.cjs'), [], {
      execPath: environment.nodeBinary,
      execArgv: [],
      env: environment.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.on('error', () => {});
    const { pid } = child;
    if (pid === undefined) {
      deaths += 1;
      later(QUIET_MS);
      return;
    }
    coming = child;
    options.onSpawn(pid);
    child.on('message', (message: WarmMessage) => {
      if (message.type !== 'warm' || coming !== child) return;
      coming = null;
      deaths = 0;
      ready.push(child);
      if (ready.length > wanted) shrink();
      else later(gapMs);
    });
    child.once('exit', onExit);
  };

  /** Only while it is the pool's. */
  function onExit(this: ChildProcess): void {
    if (this.pid !== undefined) options.onGone(this.pid);
    if (leaving.delete(this)) return;
    if (coming === this) coming = null;
    const place = ready.indexOf(this);
    if (place >= 0) ready.splice(place, 1);
    deaths += 1;
    later(QUIET_MS);
  }

  const end = async (child: ChildProcess): Promise<void> => {
    leaving.add(child);
    const gone = once(child, 'exit');
    if (child.connected) child.disconnect();
    if (!(await within(gone, STOP_MS))) child.kill('SIGKILL');
    await gone;
  };

  const shrink = (): void => {
    for (const child of ready.splice(Math.max(0, wanted))) void end(child);
  };

  return {
    take(program) {
      const child = ready.find(({ connected }) => connected);
      if (child) ready.splice(ready.indexOf(child), 1);
      if (wanted > 0) later(Math.max(gapMs, QUIET_MS));
      if (!child) return null;
      child.off('exit', onExit);
      child.removeAllListeners('message');
      child.send({ type: 'load', program } satisfies LoadProgram, () => {});
      return child;
    },
    keep(count, when) {
      wanted = count;
      gapMs = when === 'at once' ? 0 : QUIET_MS;
      shrink();
      later(gapMs);
    },
    hold() {
      wanted = 0;
      clearTimeout(timer);
    },
    get ready() {
      return ready.length;
    },
    async stop() {
      wanted = 0;
      clearTimeout(timer);
      const children = [...ready.splice(0), ...(coming ? [coming] : [])];
      coming = null;
      const left = [...leaving];
      await Promise.all([
        ...children.map(end),
        ...left.map((child) => ((child.exitCode ?? child.signalCode) === null ? once(child, 'exit') : null)),
      ]);
    },
  };
}
