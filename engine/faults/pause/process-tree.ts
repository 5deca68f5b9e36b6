import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Every process below this one, nearest first. A database, for one, works in children of its own. Not for Windows. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = process.platform === 'linux' ? await parentsFromProc() : await parentsFromPs();
  const found = [pid];
  for (let i = 0; i < found.length; i += 1)
    for (const [child, parent] of parents) if (parent === found[i]) found.push(child);
  return found.slice(1);
}

/** Pairs of pid and parent's pid. */
async function parentsFromProc(): Promise<[number, number][]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const pairs = await Promise.all(
    pids.map(async (pid): Promise<[number, number] | null> => {
      try {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
        // The name in parentheses may hold anything; after it come the state and the parent.
        return [Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
      } catch {
        return null; // It ended meanwhile.
      }
    }),
  );
  return pairs.filter((pair) => pair !== null);
}

async function parentsFromPs(): Promise<[number, number][]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
    .filter(([pid, parent]) => pid > 0 && parent >= 0);
}
