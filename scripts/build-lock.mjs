import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Lets one build write dist/ at a time. The lock of a builder that died is taken over. */
export async function withBuildLock(root, work) {
  const file = join(root, 'dist/.building');
  const deadlineMs = Date.now() + 180_000;
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readOwner(file));
    if (owner > 0 && !isAlive(owner)) rmSync(file, { force: true });
    else if (Date.now() > deadlineMs)
      throw new Error(`Process ${owner} has been building for 3 minutes. End it, or remove ${file}.`);
    else await wait(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Empty in the moment between the creation of the lock and its content. */
function readOwner(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
