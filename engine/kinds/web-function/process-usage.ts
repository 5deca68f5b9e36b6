import { readdirSync, readFileSync } from 'node:fs';

/** What the operating system tells of a process at the moment. Linux alone; elsewhere, and of one that is gone, null. */
export function processCpuUs(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    let ns = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) ns += runNs(`/proc/${pid}/task/${thread}`);
    return ns / 1000;
  } catch {
    return null;
  }
}

/** Of one thread of this process. */
export function threadCpuUs(threadId: number): number | null {
  try {
    return runNs(`/proc/self/task/${threadId}`) / 1000;
  } catch {
    return null;
  }
}

export function processResidentBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const resident = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return resident === undefined ? null : Number(resident) * 1024;
  } catch {
    return null;
  }
}

/** Time on a CPU, in nanoseconds: https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat */
const runNs = (directory: string): number => Number(readFileSync(`${directory}/schedstat`, 'utf8').split(' ')[0]);
