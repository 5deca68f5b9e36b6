import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What Linux says about processes; empty for a process that is gone. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const pids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

const isZombie = (pid: number): boolean => /^\d+ \(.*\) Z/s.test(read(`/proc/${pid}/stat`));

export function environmentOf(pid: number): Record<string, string> {
  const pairs = read(`/proc/${pid}/environ`).split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();

export const isAlive = (pid: number): boolean => commandOf(pid) !== '' && !isZombie(pid);

/** The processes and everything they started. Chromium's own children overwrite their environment, so it cannot mark them. */
export function withDescendants(roots: readonly number[]): number[] {
  const parents = pids().map(
    (pid) => [pid, Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`))?.[1])] as const,
  );
  const family = new Set(roots);
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

/** Living processes that started with this in their environment. */
export const processesWith = (name: string, value: string): number[] =>
  pids().filter((pid) => environmentOf(pid)[name] === value && !isZombie(pid));

/** TCP ports on which something listens, by the inode of its socket. */
function listening(): Map<string, number> {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => read(path).split('\n').slice(1));
  const fields = rows.map((row) => row.trim().split(/\s+/)).filter((field) => field[3] === '0A');
  return new Map(fields.map((field) => [field[9] ?? '', Number.parseInt(field[1]?.split(':')[1] ?? '', 16)]));
}

export const listeningPorts = (): number[] => [...new Set(listening().values())];

export function portsOf(pid: number): number[] {
  const byInode = listening();
  let descriptors: string[] = [];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  return descriptors.flatMap((descriptor) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      return inode && byInode.has(inode) ? [byInode.get(inode) as number] : [];
    } catch {
      return [];
    }
  });
}

/** CPU time that a process has used, in kernel clock ticks. */
export function cpuTicksOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}
