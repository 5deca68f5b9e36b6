import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { exists } from '../operating-system.ts';
import { dial, dialOutcome, waitFor } from './links.fixture.ts';

test('with a silent owner a fault ends with its lease, and with a killed owner the link process ends', async () => {
  const file = fileURLToPath(new URL('./owner.fixture.ts', import.meta.url));
  const owner = spawn(process.env.ARCHIPEL_NODE ?? process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(owner.stdout, 'data');
    const { pid, port } = JSON.parse(String(line)) as { pid: number; port: number };
    const socket = await dial(port);
    const startMs = performance.now();
    socket.write('held until the lease ends');
    await once(socket, 'data');
    expect(performance.now() - startMs).toBeLessThan(3000);

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await waitFor('the link process is gone', () => !exists(pid), 1000);
    expect(await dialOutcome(port)).toBe('ECONNREFUSED');
  } finally {
    owner.kill('SIGKILL');
  }
});
