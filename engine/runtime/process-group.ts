import { execFile } from 'node:child_process';

/**
 * Ends what a foreign program has started, with it or after it: it was made the leader of a process group. Windows has no
 * groups; there the tree can be ended only while the program itself still runs.
 */
export function killGroup(leader: number): void {
  if (process.platform === 'win32') {
    // It says so when the process has ended already.
    execFile('taskkill', ['/T', '/F', '/PID', String(leader)], { windowsHide: true }, () => {});
    return;
  }
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
