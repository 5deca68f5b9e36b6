import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { CONNECTION_FD, type FunctionError, type Invocation } from '../../wire/lambda/protocol.ts';
import { createRuntimeApi, type EnvironmentUsage, type RuntimeApi } from '../../wire/lambda/runtime-api.ts';

/** How an invocation ended in its environment. */
export type Outcome =
  | { type: 'response'; body: Buffer }
  | { type: 'error'; error: FunctionError }
  /** The process was gone before it answered. */
  | { type: 'exit'; how: string };

/** How INIT ended, if it failed. */
export interface InitFailure {
  error: FunctionError;
  initMs: number;
}

export interface EnvironmentOptions {
  command: string;
  args: string[];
  cwd: string;
  /** Asked when the port of its Runtime API is known. */
  variables(runtimeApi: string): Record<string, string>;
  /** In the turn of its spawn. */
  onBegan(pid: number): void;
  /** It has exited, whyever. */
  onEnded(pid: number | null): void;
}

/** From a process' own word, or from the operating system where it had none. */
export interface Usage {
  cpuUs: number;
  residentBytes: number;
}

/** A pipe of Windows is none that its other end can read as a file and then as a socket; there environments use the port. */
const isBornConnected = process.platform !== 'win32';

/** SIGTERM to SIGKILL in SHUTDOWN. */
const SHUTDOWN_MS = 500;

/** One execution environment: a process from INIT to SHUTDOWN, and its port of the Runtime API. */
export class Environment {
  state: 'starting' | 'idle' | 'busy' | 'ending' | 'gone' = 'starting';
  /** Of INIT; 0 before it is over. */
  initMs = 0;
  invocations = 0;
  readonly usage: Usage = { cpuUs: 0, residentBytes: 0 };
  /** CPU time of the last invocation that was answered. */
  invocationCpuUs = 0;
  readonly #options: EnvironmentOptions;
  readonly #api: RuntimeApi;
  #child: ChildProcess | null = null;
  #startedMs = 0;
  #cpuUsBefore = 0;
  /** By its own last word, which leaves out what the operating system counts as well; null where it says nothing. */
  #saidCpuUs: number | null = null;
  #initError: FunctionError | null = null;
  #onReady: (failure: InitFailure | null) => void = () => {};
  #onOutcome: ((outcome: Outcome) => void) | null = null;
  /** It asks for the next invocation already. */
  #asks = false;
  #onAsks: (() => void) | null = null;
  /** Resolves when it has no process any more. */
  readonly gone: Promise<void>;
  #onGone: () => void = () => {};

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.gone = new Promise((resolve) => {
      this.#onGone = resolve;
    });
    this.#api = createRuntimeApi({
      onNext: (usage) => {
        this.#take(usage);
        this.#asks = true;
        if (this.state === 'starting') this.#endInit(null);
        this.#onAsks?.();
      },
      onResponse: (_, body, usage) => {
        this.#answered(usage);
        this.#end({ type: 'response', body });
      },
      onError: (_, error, usage) => {
        this.#answered(usage);
        this.#end({ type: 'error', error });
      },
      onInitError: (error) => {
        this.#initError = error;
      },
    });
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves with null when INIT is over, or with why it failed; its process is gone then. */
  async start(timeoutMs: number): Promise<InitFailure | null> {
    const { command, args, cwd, variables, onBegan, onEnded } = this.#options;
    const runtimeApi = await this.#api.listen();
    if (this.state !== 'starting') {
      this.#api.close();
      onEnded(null);
      this.#onGone();
      return { error: exitError(KILLED), initMs: 0 };
    }
    const ready = new Promise<InitFailure | null>((resolve) => {
      this.#onReady = resolve;
    });
    this.#startedMs = performance.now();
    const child = spawn(command, args, {
      cwd,
      env: { ...variables(runtimeApi), ...(isBornConnected && { [CONNECTION_FD]: '3' }) },
      // Its lines go to the log of the node without a detour.
      stdio: ['ignore', 'inherit', 'inherit', ...(isBornConnected ? ['pipe' as const] : [])],
      windowsHide: true,
    });
    this.#child = child;
    if (isBornConnected) this.#api.adopt(child.stdio[3] as Duplex);
    if (child.pid !== undefined) onBegan(child.pid);
    const end = (how: string): void => {
      if (this.state === 'gone') return;
      const wasStarting = this.state === 'starting';
      this.state = 'gone';
      this.#api.close();
      onEnded(child.pid ?? null);
      if (wasStarting) this.#onReady({ error: this.#initError ?? exitError(how), initMs: this.#sinceStart() });
      this.#end({ type: 'exit', how });
      this.#onGone();
    };
    child.once('error', (error) => child.pid === undefined && end(error.message));
    child.once('exit', (code, signal) => end(howItEnded(code, signal)));
    const timer = setTimeout(() => {
      this.#initError ??= {
        errorType: 'Sandbox.Timedout',
        errorMessage: `INIT took longer than ${timeoutMs} ms`,
      };
      this.kill();
    }, timeoutMs);
    return ready.finally(() => clearTimeout(timer));
  }

  /** Runs one invocation. It must be idle. */
  invoke(invocation: Invocation): Promise<Outcome> {
    this.state = 'busy';
    this.invocations += 1;
    this.#asks = false;
    this.#cpuUsBefore = this.#saidCpuUs ?? this.usage.cpuUs;
    return new Promise((resolve) => {
      this.#onOutcome = resolve;
      this.#api.deliver(invocation);
    });
  }

  /** Resolves with true when it can take another invocation, with false when its process is gone. */
  async free(): Promise<boolean> {
    if (this.state === 'busy' && !this.#asks)
      await Promise.race([
        this.gone,
        new Promise<void>((resolve) => {
          this.#onAsks = resolve;
        }),
      ]);
    this.#onAsks = null;
    if (this.state !== 'busy') return false;
    this.state = 'idle';
    return true;
  }

  /** SHUTDOWN: it may end by itself, for a moment. Resolves when its process is gone. */
  async shutDown(): Promise<void> {
    if (this.state === 'gone') return;
    this.state = 'ending';
    this.#child?.kill('SIGTERM');
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), SHUTDOWN_MS);
    await this.gone;
    clearTimeout(late);
  }

  /** Ends it at once. What it is doing ends with `exit`. */
  kill(): void {
    this.look();
    if (this.#child) this.#child.kill('SIGKILL');
    else if (this.state === 'starting') this.state = 'gone';
  }

  /** Asks the operating system what it uses, where that says so. */
  look(): void {
    const { pid } = this;
    if (process.platform !== 'linux' || pid === null || this.state === 'gone') return;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // utime and stime, in ticks of 10 ms.
      this.usage.cpuUs = Math.max(this.usage.cpuUs, (Number(fields[11]) + Number(fields[12])) * 10_000);
      const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (resident !== undefined) this.usage.residentBytes = Number(resident) * 1024;
    } catch {
      // It has ended meanwhile.
    }
  }

  #take({ cpuUs, residentBytes }: EnvironmentUsage): void {
    this.#saidCpuUs = cpuUs;
    if (cpuUs === null) this.look();
    else this.usage.cpuUs = Math.max(this.usage.cpuUs, cpuUs);
    if (residentBytes !== null) this.usage.residentBytes = residentBytes;
  }

  #answered(usage: EnvironmentUsage): void {
    this.#take(usage);
    this.invocationCpuUs = Math.max(0, (this.#saidCpuUs ?? this.usage.cpuUs) - this.#cpuUsBefore);
  }

  #sinceStart(): number {
    return performance.now() - this.#startedMs;
  }

  #endInit(failure: InitFailure | null): void {
    this.initMs = this.#sinceStart();
    this.state = 'idle';
    this.#onReady(failure);
  }

  #end(outcome: Outcome): void {
    this.#onOutcome?.(outcome);
    this.#onOutcome = null;
  }
}

const exitError = (how: string): FunctionError => ({ errorType: 'Runtime.ExitError', errorMessage: how });

const KILLED = 'Runtime exited with error: signal: killed';

/** In Lambda's words. */
function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return KILLED;
  if (signal) return `Runtime exited with error: signal: ${signal}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}
