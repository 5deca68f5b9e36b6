import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export interface TreeSample {
  /** Share of one core since the last sample. */
  cpu: number;
  /** Cumulative. */
  cpuUs: number;
  rssBytes: number;
}

export interface TreeSampler {
  sample(): Promise<TreeSample>;
}

/** USER_HZ, which Linux fixes at 100 for what it shows to programs. */
const TICKS_PER_SEC = 100;

/**
 * CPU and memory of a foreign program and its direct children, such as PostgreSQL's backends.
 * On Linux from /proc, memory as proportional set size where it may be read, since the processes share most of theirs.
 */
export function createTreeSampler(pid: number): TreeSampler {
  let last: { atMs: number; cpuSec: number } | null = null;
  return {
    async sample() {
      const used = process.platform === 'linux' ? fromProc(pid) : await fromTool(pid);
      const atMs = Date.now();
      const cpu = last && atMs > last.atMs ? Math.max(0, (used.cpuSec - last.cpuSec) / ((atMs - last.atMs) / 1000)) : 0;
      last = { atMs, cpuSec: used.cpuSec };
      return { cpu: Math.min(cpu, availableParallelism()), cpuUs: used.cpuSec * 1e6, rssBytes: used.rssBytes };
    },
  };
}

interface Used {
  cpuSec: number;
  rssBytes: number;
}

function fromProc(pid: number): Used {
  const used: Used = { cpuSec: 0, rssBytes: 0 };
  for (const member of [pid, ...childrenOf(pid)]) {
    try {
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // utime and stime; for the parent also those of its children that have ended.
      used.cpuSec += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SEC;
      if (member === pid) used.cpuSec += (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SEC;
      used.rssBytes += memoryOf(member);
    } catch {
      // It ended while we looked.
    }
  }
  return used;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function memoryOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  }
}

/** macOS and Windows: the first process alone, through the operating system's own tools. */
async function fromTool(pid: number): Promise<Used> {
  const { default: pidusage } = await import('pidusage');
  try {
    const { ctime, memory } = await pidusage(pid);
    return { cpuSec: ctime / 1000, rssBytes: memory };
  } catch {
    return { cpuSec: 0, rssBytes: 0 };
  }
}
