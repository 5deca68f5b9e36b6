import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { waitFor } from '../../runtime/links/links.fixture.ts';
import { exists, isStopped } from '../../runtime/operating-system.ts';
import { freeze, thaw } from './freeze.ts';
import { descendantsOf } from './process-tree.ts';

/** Three generations, each in a session of its own, as the processes of PostgreSQL are. */
const program = `
const { spawn } = require('node:child_process');
const generations = Number(process.argv[1]);
if (generations > 1) spawn(process.execPath, ['-e', process.env.PROGRAM, String(generations - 1)], { stdio: 'inherit', detached: true });
console.log(process.pid);
setInterval(() => {}, 1000);`;

test.skipIf(process.platform === 'win32')(
  'a process is stopped with everything below it, and goes on with it',
  async () => {
    const root = spawn(process.execPath, ['-e', program, '3'], {
      env: { ...process.env, PROGRAM: program },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids: number[] = [];
    root.stdout.on('data', (text) => pids.push(...String(text).trim().split('\n').map(Number)));
    try {
      await waitFor('three generations run', () => pids.length === 3);
      expect((await descendantsOf(root.pid as number)).sort()).toEqual(pids.filter((pid) => pid !== root.pid).sort());

      const frozen = await freeze(root.pid as number);
      expect([...frozen].sort()).toEqual([...pids].sort());
      if (process.platform === 'linux') expect(pids.map(isStopped)).toEqual([true, true, true]);

      process.kill(root.pid as number, 'SIGKILL');
      await once(root, 'exit');
      thaw(frozen);
      if (process.platform === 'linux')
        await waitFor('those that are left go on', () => pids.every((pid) => !isStopped(pid)));
    } finally {
      for (const pid of pids) if (exists(pid)) process.kill(pid, 'SIGKILL');
    }
  },
);

test.skipIf(process.platform === 'win32')('a process that does not exist cannot be stopped', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  await expect(freeze(gone.pid as number)).rejects.toMatchObject({ code: 'fault-impossible' });
});
