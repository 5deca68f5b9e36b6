import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as the operating system lists it. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  /** Tells it from a later process with the same pid. */
  startedAt: string;
  /** Ended, and only waiting to be reaped. */
  zombie: boolean;
  hasTerminal: boolean;
}

export type ProcessTable = ReadonlyMap<number, ProcessEntry>;

/** All processes now. Empty on Windows, where there is no such list without a slow tool. */
export function readProcessTable(): ProcessTable {
  const table = new Map<number, ProcessEntry>();
  const entries = process.platform === 'linux' ? fromProc() : process.platform === 'win32' ? [] : fromPs([]);
  for (const entry of entries) table.set(entry.pid, entry);
  return table;
}

/** One process now, or null when there is none or the operating system does not say. */
export function readProcess(pid: number): ProcessEntry | null {
  if (process.platform === 'linux') return readStat(pid);
  return process.platform === 'win32' ? null : (fromPs(['-p', String(pid)])[0] ?? null);
}

/** Children of these processes, their children, and so on; without the processes themselves. */
export function descendantsOf(roots: Iterable<number>, table: ProcessTable = readProcessTable()): ProcessEntry[] {
  const family = new Set(roots);
  const found: ProcessEntry[] = [];
  let grown = true;
  while (grown) {
    grown = false;
    for (const entry of table.values()) {
      if (family.has(entry.pid) || !family.has(entry.parent)) continue;
      family.add(entry.pid);
      found.push(entry);
      grown = true;
    }
  }
  return found;
}

/** Processes that work inside the directory. Only Linux says so; elsewhere none. */
export function processesIn(directory: string, table: ProcessTable = readProcessTable()): ProcessEntry[] {
  if (process.platform !== 'linux') return [];
  return [...table.values()].filter((entry) => {
    try {
      const at = readlinkSync(`/proc/${entry.pid}/cwd`).replace(/ \(deleted\)$/, '');
      return at === directory || at.startsWith(`${directory}/`);
    } catch {
      return false;
    }
  });
}

function fromProc(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readStat(Number(name)))
    .filter((entry) => entry !== null);
}

function readStat(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; the third starts after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, , , terminal] = fields;
    return {
      pid,
      parent: Number(parent),
      startedAt: fields[19] ?? '',
      zombie: state === 'Z' || state === 'X',
      hasTerminal: terminal !== '0',
    };
  } catch {
    return null;
  }
}

function fromPs(which: string[]): ProcessEntry[] {
  try {
    const listed = execFileSync(
      'ps',
      [...(which.length > 0 ? which : ['-ax']), '-o', 'pid=,ppid=,stat=,tty=,lstart='],
      {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    return listed.split('\n').flatMap((line) => {
      const [, pid, parent, state = '', terminal = '', startedAt = ''] =
        /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
      if (!pid) return [];
      return [
        {
          pid: Number(pid),
          parent: Number(parent),
          startedAt,
          zombie: state.startsWith('Z'),
          hasTerminal: !terminal.startsWith('?'),
        },
      ];
    });
  } catch {
    return [];
  }
}
