import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import type { ReplicaState, ReplicaStatus } from '../api/types.ts';
import type { Version } from '../model/deploy.ts';
import { ArchipelError } from '../model/error.ts';
import { healthyHttp } from '../process-kit/health-check.ts';
import type { HostMessage, ProcessFrame, WiredEdge } from '../process-kit/protocol.ts';
import { type ChildProcesses, createChildProcesses } from './child-processes.ts';
import { createDeadline, type Deadline, within } from './deadline.ts';
import type { Environment } from './environment.ts';
import type { CommandLaunch, Foreign, Launch, NodeLaunch } from './launch.ts';
import { lifeNote } from './life-notes.ts';
import { type NodeProcess, spawnNodeProcess } from './node-process.ts';
import { exists, isStopped } from './operating-system.ts';
import { killGroup } from './process-group.ts';
import type { ProcessLog } from './process-log.ts';
import type { StartCondition } from './start-conditions.ts';
import { createVitals, type Vitals } from './vitals.ts';

const READY_DEADLINE_MS: Record<Launch['type'], number> = { node: 30_000, command: 30_000, remote: 5_000 };
/** A server of the user's own is up, or it is not: but the machine may be busy with what else is started. */
const LEAST_LOOKS: Record<Launch['type'], number> = { node: 0, command: 0, remote: 15 };
const KILL_DEADLINE_MS = 5_000;
/** How long what a program has said may take to come after its exit. */
const LAST_WORDS_MS = 100;
/** How long a program may take to say that it has heard what it was told. */
const HEARD_MS = 1_000;
export const FRAME_INTERVAL_MS = 200;

/** Where the process of a replica takes work: a port for each of its doors. */
export interface ReplicaAddress {
  host: string;
  ports: readonly number[];
}

export interface ReplicaOptions {
  nodeId: string;
  nodeName: string;
  replica: number;
  launch: Launch;
  environment: Environment;
  log: ProcessLog;
  /** How long it may take to become ready; each kind of launch has its own default. */
  readyWithinMs?: number;
  /** Read when a process starts, so that a restart takes what is current. */
  config(): unknown;
  edges(): WiredEdge[];
  /** What is deployed here. */
  version?: Version;
  /** Private to it, kept over its restarts. */
  directory?: string;
  /** Where processes of the topology write down what they do with messages. */
  journalDirectory?: string;
  /** What paths in the document are relative to; null for a document that is in no file. */
  documentDirectory?: string | null;
  /** What faults do to its starts now. */
  conditions?(): readonly StartCondition[];
  traceRatio?(): number | null;
  onChange(): void;
  onSpawn(pid: number, guardianSignal: NodeJS.Signals): void;
  onGone(pid: number): void;
  onFrame(pid: number, frame: ProcessFrame): void;
  /** The replica takes work at this address, or at none. It counts as ready when its callers can reach it there. */
  onAddress(address: ReplicaAddress | null): Promise<void>;
  /** An idle process that becomes this program, or null when there is none. */
  takeWarm?(program: string): ChildProcess | null;
}

/** One running copy of a node: its process from start to end, and again after a restart. */
export class Replica {
  readonly options: ReplicaOptions;
  #state: ReplicaState = 'starting';
  #reason: string | null = null;
  #child: ChildProcess | null = null;
  #program: NodeProcess | null = null;
  #port: number | null = null;
  /** Of its further doors. */
  #morePorts: readonly number[] = [];
  #lastPort: number | null = null;
  #isSetUp = false;
  /** Why we ended it ourselves; null while an exit would be a surprise. */
  #ending: string | null = null;
  /** How the last process ended. */
  #exit: string | null = null;
  /** Of its edges, as a foreign program knows them, or as it was noted that it does not. */
  #addresses: string | undefined;
  #readySinceMs: number | null = null;
  #warm = false;
  #startMs: number | null = null;
  /** What the heap of the newest process may grow to. */
  #memoryLimitMb: number | null = null;
  /** As the newest frame of its process has them; null for a foreign program. */
  #answered: { requests: number; errors: number } | null = null;
  readonly #vitals: Vitals;
  /** What its process has started. */
  readonly #children: ChildProcesses;

  constructor(options: ReplicaOptions) {
    this.options = options;
    this.#children = createChildProcesses({
      onBegan: (pid) => options.onSpawn(pid, 'SIGKILL'),
      onGone: options.onGone,
    });
    this.#vitals = createVitals(options.launch, (timeoutMs) => this.healthy(timeoutMs));
  }

  get state(): ReplicaState {
    return this.#state;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Requests that its process has answered, and failed, as it told last; null where it does not tell. */
  get answered(): { requests: number; errors: number } | null {
    return this.#answered;
  }

  /** When it last became ready for work, in epoch milliseconds; null before that and once its process is gone. */
  get readySinceMs(): number | null {
    return this.#readySinceMs;
  }

  /** CPU and memory are those of a foreign program; what programs of ours tell in frames is summed up elsewhere. */
  status(): Omit<ReplicaStatus, 'version' | 'role'> {
    const { replica } = this.options;
    return {
      replica,
      pid: this.pid,
      port: this.#port,
      state: this.#state,
      reason: this.#reason,
      ...this.#vitals.usage(),
      start: this.#startMs === null ? null : { durationMs: this.#startMs, warm: this.#warm },
    };
  }

  /** Starts a process and resolves when it is ready for work. Whatever goes wrong, no process is left. */
  async start(): Promise<void> {
    if (this.#child) return;
    const { launch, log } = this.options;
    this.#ending = null;
    this.#warm = false;
    this.#set('starting', null);
    const startedAtMs = Date.now();
    const fromMs = performance.now();
    const deadline = createDeadline(
      (this.options.readyWithinMs ??
        ((launch.type === 'command' && launch.readyWithinMs) || READY_DEADLINE_MS[launch.type])) + this.#readyDelayMs(),
      LEAST_LOOKS[launch.type],
    );
    const isDue = (healthy: (timeoutMs: number) => Promise<boolean>) => (timeoutMs: number) =>
      performance.now() - fromMs < this.#readyDelayMs() ? Promise.resolve(false) : healthy(timeoutMs);
    try {
      if (launch.type === 'node') await this.#startProgram(launch, deadline, isDue);
      else {
        if (launch.type === 'command') {
          await launch.prepare?.();
          if (this.#ending !== null) throw new Error(this.#ending);
          this.#startCommand(launch);
          this.#mayStart();
        }
        await deadline.untilHealthy(isDue(launch.healthy), () => this.#mustLive());
        this.#port = launch.port;
        if (!this.#isSetUp) await launch.setUp();
        this.#isSetUp = true;
      }
      // The process may have ended while the last steps were taken; its exit has withdrawn the address.
      if (this.#port !== null)
        await this.options.onAddress({
          host: launch.type === 'remote' ? launch.host : '127.0.0.1',
          ports: [this.#port, ...this.#morePorts],
        });
      this.#mustLive();
    } catch (error) {
      if (this.#ending !== null && this.#state !== 'starting') throw error;
      const said = error instanceof Error ? error.message : String(error);
      const why = launch.type === 'command' && launch.advice ? `${said}. ${launch.advice}` : said;
      const endedEarly = this.#child === null;
      await this.#kill();
      this.#set('dead', why);
      const written = log.written(startedAtMs);
      const tail = written.slice(-10).join('\n');
      if (error instanceof ArchipelError) throw error;
      if (endedEarly && launch.type === 'command' && launch.explain) throw launch.explain(written);
      throw new ArchipelError(
        'start-failed',
        `"${this.options.nodeName}" did not become ready: ${why}${tail ? `\nIts last words:\n${tail}` : ''}`,
        'Look at its log, mend its config, and start it again.',
        { cause: error },
      );
    }
    this.#vitals.sign();
    this.#readySinceMs = Date.now();
    this.#startMs = performance.now() - fromMs;
    this.#set('ready', null);
    for (const { onReady } of this.#conditions()) onReady?.(this.#startMs);
  }

  /** Lets it finish its work for at most `drainMs`, then ends it. Resolves when the operating system has no such process. */
  async stop(drainMs: number, reason = 'stopped'): Promise<void> {
    if (!this.#child) {
      this.#withdraw();
      this.#set('dead', reason);
      return;
    }
    this.#ending = reason;
    this.#set('stopping', null);
    const child = this.#child;
    const gone = this.#gone(child);
    const { launch } = this.options;
    if (this.#program) this.#program.send({ type: 'stop', drainMs });
    else if (launch.type === 'command') child.kill(launch.stopSignal);
    const withinMs = (launch.type === 'command' ? launch.stopWithinMs : undefined) ?? drainMs;
    if (!(await within(gone, withinMs))) {
      this.options.log.note(`did not stop within ${withinMs} ms and was killed`);
      await this.#kill();
    }
    this.#set('dead', reason);
  }

  /** CPU time and memory of a foreign program; programs of ours tell their own in frames. */
  sampledUsage(): { cpuUs: number; rssBytes: number } | null {
    return this.#vitals.sampled();
  }

  /** The counters and gauges of a foreign program; programs of ours tell their own in frames. */
  measured(): Foreign {
    return this.#vitals.measured();
  }

  /** Ends it at once. */
  async kill(reason: string): Promise<void> {
    this.#ending = reason;
    await this.#kill();
    this.#set('dead', reason);
  }

  send(message: HostMessage): void {
    this.#program?.send(message);
    const { launch, log } = this.options;
    if (message.type !== 'wire' || launch.type !== 'command' || !launch.environmentFor || !this.#child) return;
    const addresses = JSON.stringify(launch.environmentFor(message.edges));
    if (addresses === this.#addresses) return;
    this.#addresses = addresses;
    log.note('what it calls has moved, and its environment is that of its start: restart it to tell it');
  }

  call(name: string, payload: unknown): Promise<unknown> {
    const { launch } = this.options;
    if (launch.type === 'command' && launch.call) return launch.call(name, payload);
    if (!this.#program) return Promise.reject(new Error(`"${this.options.nodeName}" has no process that takes calls`));
    return this.#program.call(name, payload);
  }

  /**
   * Resolves when a program of ours has taken in what it was sent before, or cannot: it is not ready, is paused, or has not
   * answered within a second.
   */
  async heard(): Promise<void> {
    if (!this.#program || (this.#state !== 'ready' && this.#state !== 'degraded')) return;
    await within(
      this.#program.call('heard', null).catch(() => {}),
      HEARD_MS,
    );
  }

  /** Asks at its port, or at the one that it had: a process that is gone is found not to answer. */
  async healthy(timeoutMs: number): Promise<boolean> {
    const { launch } = this.options;
    if (launch.type !== 'node') return launch.healthy(timeoutMs);
    return this.#lastPort !== null && (launch.healthy ?? healthyHttp)(this.#lastPort, timeoutMs);
  }

  /** Looks whether a running process still does its work. Called a few times a second. */
  check(): void {
    if (!this.#runs()) return;
    const pid = this.pid;
    if (pid !== null && !this.#vitals.isHeard() && isStopped(pid)) {
      this.#set('paused', 'the operating system has stopped the process (SIGSTOP)');
      return;
    }
    this.#vitals.check((problem) => {
      if (!this.#runs()) return;
      if (problem) this.#set('degraded', problem);
      else if (this.options.log.floods()) this.#set('degraded', 'floods its log; lines are dropped');
      else this.#set('ready', null);
    });
  }

  #runs(): boolean {
    return this.#state === 'ready' || this.#state === 'degraded' || this.#state === 'paused';
  }

  #conditions(): readonly StartCondition[] {
    return this.options.conditions?.() ?? [];
  }

  /** For how long faults hold back a process that has started. */
  #readyDelayMs(): number {
    return this.#conditions().reduce((most, { readyDelayMs = 0 }) => Math.max(most, readyDelayMs), 0);
  }

  /** Throws where a fault wants a process that has just been started to end. */
  #mayStart(): void {
    const failing = this.#conditions().filter(({ fails }) => fails?.());
    if (failing.length > 0) throw new Error('a fault ended the process before it was ready');
  }

  #smallestHeap(ofLaunch: number | null | undefined): number | null {
    const limits = [ofLaunch, ...this.#conditions().map(({ memoryLimitMb }) => memoryLimitMb)];
    return limits.reduce<number | null>((least, limit) => (limit && limit < (least ?? Infinity) ? limit : least), null);
  }

  async #startProgram(
    { bundle, healthy = healthyHttp, ...launch }: NodeLaunch,
    deadline: Deadline,
    isDue: (healthy: (timeoutMs: number) => Promise<boolean>) => (timeoutMs: number) => Promise<boolean>,
  ): Promise<void> {
    const { environment, nodeId, replica, version } = this.options;
    const memoryLimitMb = this.#smallestHeap(launch.memoryLimitMb);
    this.#memoryLimitMb = memoryLimitMb;
    this.#answered = { requests: 0, errors: 0 };
    // The heap of a process is given when it starts: an idle one has another.
    const warm = memoryLimitMb ? null : (this.options.takeWarm?.(basename(bundle, '.cjs')) ?? null);
    this.#warm = warm !== null;
    const program = spawnNodeProcess({
      environment,
      bundle,
      warm,
      execArgv: memoryLimitMb ? [`--max-old-space-size=${memoryLimitMb}`] : [],
      onFrame: (frame) => this.#takeFrame(program.child, frame),
      onChild: (childPid, alive) => this.#children.take(childPid, alive),
      onProblem: (message) => this.options.log.note(message),
    });
    this.#program = program;
    this.#children.adopt();
    this.#own(program.child, 'SIGKILL');
    this.#mayStart();
    program.send({
      type: 'start',
      nodeId,
      replica,
      config: this.options.config(),
      edges: this.options.edges(),
      frameIntervalMs: FRAME_INTERVAL_MS,
      traceRatio: this.options.traceRatio?.(),
      version,
      directory: this.options.directory,
      journalDirectory: this.options.journalDirectory,
      documentDirectory: this.options.documentDirectory,
    });
    const [port, ...morePorts] = await deadline.orHangs(program.listening);
    this.#morePorts = morePorts;
    await deadline.untilHealthy(
      isDue((timeoutMs) => healthy(port, timeoutMs)),
      () => this.#mustLive(),
    );
    this.#port = port;
    this.#lastPort = port;
  }

  #startCommand(launch: CommandLaunch): void {
    const { environment, edges } = this.options;
    const addresses = launch.environmentFor?.(edges());
    this.#addresses = JSON.stringify(addresses);
    const child = spawn(launch.command, launch.args, {
      cwd: launch.cwd,
      env: { ...environment.env, ...launch.env, ...addresses },
      stdio: ['ignore', 'pipe', 'pipe'],
      uid: launch.uid,
      gid: launch.gid,
      windowsHide: true,
      // A Ctrl-C at the terminal must not reach it: we end it in order.
      detached: process.platform !== 'win32',
    });
    child.on('error', (error) => {
      if (child.pid !== undefined) this.options.log.note(error.message);
      // It was never there, and so never exits.
      else if (this.#child === child) {
        this.#child = null;
        this.#exit = `cannot be run: ${error.message}`;
      }
    });
    this.#own(child, launch.guardianSignal);
    if (child.pid) this.#vitals.sample(child.pid);
  }

  #own(child: ChildProcess, guardianSignal: NodeJS.Signals): void {
    this.#child = child;
    const { pid } = child;
    if (pid) this.options.onSpawn(pid, guardianSignal);
    if (child.stdout) this.options.log.attach(child.stdout, 'stdout');
    if (child.stderr) this.options.log.attach(child.stderr, 'stderr');
    child.on('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#program = null;
      this.#port = null;
      this.#readySinceMs = null;
      this.#vitals.ended();
      if (pid) this.options.onGone(pid);
      this.#children.orphan();
      void this.#children.gone();
      this.#withdraw();
      if (pid && this.options.launch.type === 'command') killGroup(pid);
      this.#exit = howItEnded(this.#memoryLimitMb, code, signal);
      if (this.#ending === null && this.#state !== 'starting') this.#set('dead', this.#exit);
    });
  }

  #takeFrame(child: ChildProcess, frame: ProcessFrame): void {
    this.#vitals.sign();
    if (child === this.#child) this.#answered = { requests: frame.requests, errors: frame.errors };
    if (child.pid) this.options.onFrame(child.pid, frame);
  }

  #mustLive(): void {
    if (this.options.launch.type !== 'remote' && !this.#child)
      throw new Error(`the process ended before it was ready${this.#exit ? `: it ${this.#exit}` : ''}`);
  }

  /** Callers are refused from now on. Where the links are gone, they are refused already. */
  #withdraw(): void {
    this.options.onAddress(null).catch(() => {});
  }

  /** Resolves when it has exited, and whatever it had started too. */
  async #gone(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    // Its last words may tell of a process.
    if (child.connected) await within(once(child, 'disconnect'), LAST_WORDS_MS);
    await this.#children.gone();
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    if (!child?.pid) {
      this.#child = null;
      return;
    }
    this.#ending ??= 'killed';
    const gone = this.#gone(child);
    if (this.options.launch.type === 'command') killGroup(child.pid);
    child.kill('SIGKILL');
    if (!(await within(gone, KILL_DEADLINE_MS)) && exists(child.pid))
      throw new ArchipelError(
        'internal',
        `process ${child.pid} of "${this.options.nodeName}" survived SIGKILL`,
        'End it by hand.',
      );
  }

  #set(state: ReplicaState, reason: string | null): void {
    if (this.#state === state && this.#reason === reason) return;
    const note = lifeNote({
      from: this.#state,
      to: state,
      reason,
      isSurprise: this.#ending === null,
      isRemote: this.options.launch.type === 'remote',
      start: { durationMs: this.#startMs ?? 0, warm: this.#warm, pid: this.pid, port: this.#port },
      isRestart: this.#exit !== null,
    });
    if (note !== null) this.options.log.note(note);
    this.#state = state;
    this.#reason = reason;
    this.options.onChange();
  }
}

function howItEnded(memoryLimitMb: number | null, code: number | null, signal: NodeJS.Signals | null): string {
  // V8 aborts where a heap is full; Windows has an exit code of its own for it.
  const aborted = signal === 'SIGABRT' || code === 134 || code === 0x80000003;
  if (memoryLimitMb !== null && aborted)
    return `needed more memory than the ${memoryLimitMb} MB that it may use, and was ended`;
  return signal ? `ended by ${signal} from outside` : `ended by itself with exit code ${code}`;
}
