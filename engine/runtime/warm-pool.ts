import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
  /** From now on there are idle processes. */
  fill(): void;
  /** Idle processes that are ready to be taken. */
  readonly ready: number;
  /** Resolves when none is left. */
  stop(): Promise<void>;
}

/** How many wait by default. An idle one holds about 9 MB of its own. */
const WARM_PROCESSES = 2;
const MAX_WARM_PROCESSES = 8;

/** After a start, how long nothing may start before the pool is filled again. */
const QUIET_MS = 1_000;
const STOP_MS = 1_000;
/** So often in a row an idle process may end by itself before the pool gives up. */
const MAX_DEATHS = 3;

/** `ARCHIPEL_WARM_POOL` says how many, 0 to 8. */
export function warmProcesses(env: NodeJS.ProcessEnv = process.env): number {
  const wanted = Number(env.ARCHIPEL_WARM_POOL ?? WARM_PROCESSES);
  return Number.isInteger(wanted) ? Math.min(MAX_WARM_PROCESSES, Math.max(0, wanted)) : WARM_PROCESSES;
}

export function createWarmPool(options: {
  environment: Environment;
  size: number;
  /** In the turn of the fork, so that a guardian knows it. */
  onSpawn(pid: number): void;
  onGone(pid: number): void;
}): WarmPool {
  const { environment, size } = options;
  const ready: ChildProcess[] = [];
  let coming: ChildProcess | null = null;
  let filling = false;
  let deaths = 0;
  let timer: NodeJS.Timeout | undefined;

  const later = (): void => {
    clearTimeout(timer);
    if (!filling || deaths >= MAX_DEATHS || ready.length + (coming ? 1 : 0) >= size) return;
    timer = setTimeout(spawnOne, QUIET_MS);
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
      later();
      return;
    }
    coming = child;
    options.onSpawn(pid);
    child.on('message', (message: WarmMessage) => {
      if (message.type !== 'warm' || coming !== child) return;
      coming = null;
      deaths = 0;
      ready.push(child);
      later();
    });
    child.once('exit', onExit);
  };

  /** Only while it is the pool's. */
  function onExit(this: ChildProcess): void {
    if (coming === this) coming = null;
    const place = ready.indexOf(this);
    if (place >= 0) ready.splice(place, 1);
    if (this.pid !== undefined) options.onGone(this.pid);
    deaths += 1;
    later();
  }

  return {
    take(program) {
      const child = ready.find(({ connected }) => connected);
      if (child) ready.splice(ready.indexOf(child), 1);
      later();
      if (!child) return null;
      child.off('exit', onExit);
      child.removeAllListeners('message');
      child.send({ type: 'load', program } satisfies LoadProgram, () => {});
      return child;
    },
    fill() {
      filling = true;
      later();
    },
    get ready() {
      return ready.length;
    },
    async stop() {
      filling = false;
      clearTimeout(timer);
      await Promise.all(
        [...ready, ...(coming ? [coming] : [])].map(async (child) => {
          const gone = once(child, 'exit');
          if (child.connected) child.disconnect();
          if (!(await within(gone, STOP_MS))) child.kill('SIGKILL');
          await gone;
        }),
      );
    },
  };
}
