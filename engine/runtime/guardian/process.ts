import { clearUp, type Watched } from './clear-up.ts';
import { readProcess } from './process-table.ts';

/*
 * The guardian: told on its standard input which processes and directories belong to the engine, one line each:
 *   +PID [SIGNAL]   -PID   +dir PATH   -dir PATH
 * The input ends when the engine is gone, however it went. Then the guardian ends and removes what is left.
 */

const watched = new Map<number, Watched>();
const directories = new Set<string>();
// Read at once: when the engine is gone, our parent is another.
const spared = [process.pid, process.ppid];

function take(line: string): void {
  const [, sign, path, pidText, signal] = /^([+-])(?:dir (.+)|(\d+)(?: (SIG[A-Z0-9]+))?)$/.exec(line) ?? [];
  if (path !== undefined) {
    if (sign === '+') directories.add(path);
    else directories.delete(path);
    return;
  }
  const pid = Number(pidText);
  if (!(pid > 1)) return;
  if (sign === '-') {
    watched.delete(pid);
    return;
  }
  const entry = readProcess(pid);
  // It has ended already; what has this pid later is another process. Windows does not tell.
  if (!entry && process.platform !== 'win32') return;
  watched.set(pid, {
    pid,
    signal: (signal as NodeJS.Signals | undefined) ?? null,
    startedAt: entry?.startedAt ?? null,
  });
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await clearUp([...watched.values()], [...directories], spared);
  process.exit(0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) take(line);
});
process.stdin.on('end', () => void end());
process.stdin.on('error', () => void end());
process.stdin.on('close', () => void end());
