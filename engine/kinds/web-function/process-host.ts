import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Host } from './host.ts';
import { processCpuUs, processResidentBytes } from './process-usage.ts';

type Command = { command: string; args: string[]; cwd: string; env: Record<string, string> } & Pick<
  SpawnOptions,
  'stdio'
>;

export interface ProcessHostOptions {
  /** Asked when it starts. Throws, with the reason, where it cannot be started. */
  command(): Command | Promise<Command>;
  /** Resolves with the port at which the process answers. */
  ready(child: ChildProcess, signal: AbortSignal): Promise<number>;
  /** Its own word, for systems that do not tell. */
  usage?(): { cpuUs: number; residentBytes: number };
  onBegan(pid: number): void;
  onEnded(pid: number): void;
}

/** SIGTERM to SIGKILL. */
const SHUTDOWN_MS = 500;

/** A process that answers HTTP. */
export function createProcessHost({ command, ready, usage, onBegan, onEnded }: ProcessHostOptions): Host {
  let child: ChildProcess | null = null;
  let port = 0;
  let lastCpuUs = 0;
  let isKilled = false;
  let onGone: (how: string) => void = () => {};
  const gone = new Promise<string>((resolve) => {
    onGone = resolve;
  });

  const cpuUs = (): number => {
    const now = child?.pid === undefined ? null : (processCpuUs(child.pid) ?? usage?.().cpuUs ?? null);
    // Threads that have ended count no more: what was seen of them stays.
    if (now !== null) lastCpuUs = Math.max(lastCpuUs, now);
    return lastCpuUs;
  };

  return {
    get pid() {
      return child?.pid ?? null;
    },
    get port() {
      return port;
    },
    async start(timeoutMs) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), timeoutMs);
      try {
        if (isKilled) throw new Error('it was ended before it began');
        const { command: program, args, ...options } = await command();
        const started = spawn(program, args, { windowsHide: true, ...options });
        child = started;
        const { pid } = started;
        if (pid !== undefined) onBegan(pid);
        started.on('error', (error) => pid === undefined && onGone(error.message));
        started.on('exit', (code, signal) => {
          cpuUs();
          child = null;
          if (pid !== undefined) onEnded(pid);
          onGone(signal ? `its process was ended by ${signal}` : `its process exited with ${code}`);
        });
        const ended = gone.then((how) => {
          throw new Error(how);
        });
        port = await Promise.race([ready(started, late.signal), ended]);
        return null;
      } catch (error) {
        if (child === null) onGone('it was never there');
        else child.kill('SIGKILL');
        await gone;
        return late.signal.aborted
          ? `it was not ready within ${timeoutMs} ms`
          : error instanceof Error
            ? error.message
            : String(error);
      } finally {
        clearTimeout(timer);
      }
    },
    cpuUs,
    residentBytes: () =>
      child?.pid === undefined ? 0 : (processResidentBytes(child.pid) ?? usage?.().residentBytes ?? 0),
    async shutDown() {
      if (child === null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child?.kill('SIGKILL'), SHUTDOWN_MS);
      await gone;
      clearTimeout(late);
    },
    kill() {
      isKilled = true;
      child?.kill('SIGKILL');
    },
    gone,
  };
}
