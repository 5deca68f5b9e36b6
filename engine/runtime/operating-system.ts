import { readdirSync, readFileSync } from 'node:fs';

/** Whether the operating system still has such a process. One that ended and that its parent has not read yet does not count. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return stateOf(pid) !== 'Z' || hasThreads(pid);
  } catch (error) {
    // EPERM: there is one, of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The first thread of a process counts as ended before the others are, and these hold its ports. */
function hasThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

/** Whether the process is stopped (SIGSTOP). Only Linux says so without a tool; elsewhere null. */
export function isStopped(pid: number): boolean | null {
  if (process.platform !== 'linux') return null;
  return stateOf(pid) === 'T';
}

/** The state letter of a process on Linux; empty elsewhere, and when there is none. */
function stateOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything.
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return '';
  }
}
