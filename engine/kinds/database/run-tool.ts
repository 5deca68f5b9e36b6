import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Account, forSpawn } from './account.ts';

/** Ends with an error only when the program cannot be started, or when the signal is aborted; the program is gone then. */
export async function runTool(options: {
  command: string;
  args: string[];
  cwd: string;
  account: Account | null;
  signal: AbortSignal;
}): Promise<{ exitCode: number | null; output: string[] }> {
  const { signal } = options;
  signal.throwIfAborted();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...forSpawn(options.account),
    // A process group of its own, so that its children can be ended with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-10_000);
    });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const end = (): void => {
    if (child.pid) endGroup(child.pid);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const [exitCode] = await closed;
    signal.throwIfAborted();
    return {
      exitCode,
      output: output
        .split('\n')
        .map((line) => line.trimEnd())
        .filter(Boolean),
    };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** English messages, a time zone that need not be searched for, and nothing of the user's own PostgreSQL settings. */
export function toolEnvironment(): Record<string, string> {
  const kept = ['PATH', 'ARCHIPEL_RUN', 'SystemRoot', 'SYSTEMDRIVE', 'COMSPEC', 'TEMP', 'TMP', 'USERPROFILE'];
  const env: Record<string, string> = { TZ: 'UTC', LC_ALL: 'C' };
  for (const name of kept) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
