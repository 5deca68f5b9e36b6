import { execFileSync } from 'node:child_process';
import { removableDirectory, removeNow } from './directories.ts';
import { descendantsOf, type ProcessEntry, type ProcessTable, processesIn, readProcessTable } from './process-table.ts';

export interface Watched {
  pid: number;
  /** Sent first; the process then has a moment to end its own children. */
  signal: NodeJS.Signals | null;
  /** Null where the operating system does not tell it; then the pid alone counts. */
  startedAt: string | null;
}

/** Time for a process to end by its own signal. PostgreSQL needs a few milliseconds for its immediate shutdown. */
const GRACE_MS = 400;
const DEADLINE_MS = 1800;
const POLL_MS = 10;

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Ends all that is watched, whatever it started, and what works inside our directories; then removes the directories. */
export async function clearUp(
  watched: readonly Watched[],
  paths: readonly string[],
  spared: readonly number[],
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  const directories = new Set(paths.map(removableDirectory).filter((path) => path !== null));
  if (process.platform === 'win32') killTrees(watched.map(({ pid }) => pid));
  else await endProcesses(watched, directories, spared);

  for (;;) {
    for (const directory of directories) if (removeNow(directory)) directories.delete(directory);
    if (directories.size === 0 || performance.now() > deadline) return;
    await pause(POLL_MS * 2);
    // A program that was being started when its owner died, and that nobody could tell us of.
    if (process.platform !== 'win32')
      for (const entry of strangersIn(directories, readProcessTable(), spared)) kill(entry.pid, 'SIGKILL');
  }
}

async function endProcesses(
  watched: readonly Watched[],
  directories: ReadonlySet<string>,
  spared: readonly number[],
): Promise<void> {
  // Seen before anything is killed: afterwards the children of the dead have another parent.
  const victims = new Map<number, string>();
  const look = (table: ProcessTable): void => {
    const roots = watched.filter(({ pid, startedAt }) => table.get(pid)?.startedAt === startedAt).map(({ pid }) => pid);
    const family = [...roots, ...[...victims.keys()].filter((pid) => isSame(pid, victims, table))];
    for (const pid of roots) victims.set(pid, table.get(pid)?.startedAt ?? '');
    for (const entry of [...descendantsOf(family, table), ...strangersIn(directories, table, spared)])
      victims.set(entry.pid, entry.startedAt);
  };

  let table = readProcessTable();
  look(table);
  const asked = new Set<number>();
  for (const { pid, signal } of watched) {
    if (!signal || signal === 'SIGKILL' || !isSame(pid, victims, table)) continue;
    const family = [pid, ...descendantsOf([pid], table).map((entry) => entry.pid)];
    for (const member of family) asked.add(member);
    kill(pid, signal);
    // A stopped process takes no signal but this one.
    for (const member of family) kill(member, 'SIGCONT');
  }
  for (const pid of victims.keys()) if (!asked.has(pid)) kill(pid, 'SIGKILL');

  const graceEnds = performance.now() + GRACE_MS;
  while (performance.now() < graceEnds && [...victims.keys()].some((pid) => isSame(pid, victims, table))) {
    await pause(POLL_MS);
    table = readProcessTable();
  }
  look(table);
  for (const pid of victims.keys()) if (isSame(pid, victims, table)) kill(pid, 'SIGKILL');
}

function isSame(pid: number, victims: ReadonlyMap<number, string>, table: ProcessTable): boolean {
  const entry = table.get(pid);
  return entry !== undefined && !entry.zombie && entry.startedAt === victims.get(pid);
}

/** Who works in a directory of ours without a terminal is ours too. A person who looks around in one has a terminal. */
function strangersIn(directories: ReadonlySet<string>, table: ProcessTable, spared: readonly number[]): ProcessEntry[] {
  return [...directories]
    .flatMap((directory) => processesIn(directory, table))
    .filter((entry) => !entry.hasTerminal && !spared.includes(entry.pid));
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

function killTrees(pids: readonly number[]): void {
  if (pids.length === 0) return;
  try {
    execFileSync('taskkill', ['/T', '/F', ...pids.flatMap((pid) => ['/PID', String(pid)])], {
      stdio: 'ignore',
      windowsHide: true,
      timeout: 1500,
    });
  } catch {
    // It says so when one of them has ended already.
    for (const pid of pids) kill(pid, 'SIGKILL');
  }
}
