import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { inWords } from './words.ts';

export interface EngineAddress {
  url: string;
  token: string;
}

export interface EngineHostOptions {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** A new engine answers here. */
  onAddress(address: EngineAddress): void;
  /** It ended, or never became ready, so many times in a row; it is tried again until `stop`. */
  onFailure?(failure: { failures: number; message: string }): void;
  /** Everything that it prints, for the log. */
  onOutput?(text: string): void;
  firstRetryMs?: number;
}

export interface EngineHost {
  /** Of the newest engine; waits while there is none. */
  address(): Promise<EngineAddress>;
  pid(): number | null;
  /** Kills an engine that does not answer any more; another takes its place. */
  restart(): void;
  /** Tells the engine to end in order, with all that it runs. Kills it when it takes too long. */
  stop(options?: { deadlineMs?: number }): Promise<void>;
}

const LONGEST_RETRY_MS = 8000;
/** An engine that lived this long did start: the next failure is the first of a new row. */
const SETTLED_MS = 30_000;
const LAST_WORDS_MS = 300;

/** Keeps one engine process running. It ends with this process, because its standard input then closes. */
export function startEngineHost(options: EngineHostOptions): EngineHost {
  const { firstRetryMs = 250 } = options;
  let child: ChildProcessByStdio<Writable, Readable, Readable> | null = null;
  let address: EngineAddress | null = null;
  let waiting: ((address: EngineAddress) => void)[] = [];
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopping = false;

  const start = (): void => {
    const startedAtMs = Date.now();
    let lastOutput = '';
    const keep = (text: string): void => {
      lastOutput = `${lastOutput}${text}`.slice(-2000);
      options.onOutput?.(text);
    };
    const current = spawn(options.command, options.args, {
      env: { ...options.env, ARCHIPEL_OWNER: 'stdin' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child = current;
    // The pipe breaks when the engine dies first; `exit` tells us.
    current.stdin.on('error', () => {});
    current.stderr.setEncoding('utf8').on('data', keep);
    createInterface({ input: current.stdout }).on('line', (line) => {
      const announced = parseAddress(line);
      if (!announced) return keep(`${line}\n`);
      address = announced;
      for (const resolve of waiting.splice(0)) resolve(announced);
      options.onAddress(announced);
    });

    let ended = false;
    const onEnd = (reason: string): void => {
      if (ended) return;
      ended = true;
      child = null;
      address = null;
      if (stopping) return;
      if (Date.now() - startedAtMs > SETTLED_MS) failures = 0;
      failures += 1;
      options.onFailure?.({ failures, message: `${reason}\n${lastOutput}`.trim() });
      retry = setTimeout(start, Math.min(firstRetryMs * 2 ** (failures - 1), LONGEST_RETRY_MS));
    };
    current.once('error', (error) =>
      onEnd(inWords('The engine cannot be started: {{reason}}', { reason: error.message })),
    );
    current.once('exit', (code, signal) => {
      const reason = signal
        ? inWords('The engine ended with {{signal}}.', { signal })
        : inWords('The engine ended with code {{code}}.', { code: String(code) });
      // Its last words come with `close`; a child of it that holds the pipe open must not delay the restart.
      const patience = setTimeout(() => onEnd(reason), LAST_WORDS_MS);
      current.once('close', () => {
        clearTimeout(patience);
        onEnd(reason);
      });
    });
  };

  start();

  return {
    address: () => (address ? Promise.resolve(address) : new Promise((resolve) => waiting.push(resolve))),
    pid: () => (child && !hasEnded(child) ? (child.pid ?? null) : null),
    // One that is stopped would not hear anything less.
    restart: () => void child?.kill('SIGKILL'),
    async stop({ deadlineMs = 10_000 } = {}) {
      stopping = true;
      clearTimeout(retry);
      waiting = [];
      const last = child;
      // One that has just ended may still have last words to say; it needs no stop.
      if (!last?.pid || hasEnded(last)) return;
      const exit = new Promise<void>((resolve) => last.once('exit', () => resolve()));
      last.stdin.write('stop\n');
      const kill = setTimeout(() => last.kill('SIGKILL'), deadlineMs);
      await exit;
      clearTimeout(kill);
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function parseAddress(line: string): EngineAddress | null {
  try {
    const { url, token } = JSON.parse(line) as Partial<EngineAddress>;
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : null;
  } catch {
    return null;
  }
}
