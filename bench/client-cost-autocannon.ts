import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const program = `
const autocannon = require(process.argv[1]);
process.once('message', async ({ url, connections, warmUpMs, durationMs }) => {
  await autocannon({ url, connections, duration: warmUpMs / 1000 });
  const before = process.cpuUsage();
  const result = await autocannon({ url, connections, duration: durationMs / 1000 });
  const { user, system } = process.cpuUsage(before);
  process.send({ cpuUs: user + system, requests: result['2xx'], errors: result.errors + result.non2xx });
  process.disconnect();
});
`;

/** What autocannon, in a process of its own, uses of the processor for the same requests at full load. */
export async function runAutocannon(options: {
  url: string;
  connections: number;
  warmUpMs: number;
  durationMs: number;
}): Promise<{ cpuUs: number; requests: number; errors: number }> {
  const module = createRequire(import.meta.url).resolve('autocannon');
  const child = fork('-e', [program, module], {
    execPath: process.env.ARCHIPEL_NODE ?? process.execPath,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.send(options);
  const gone = once(child, 'exit');
  const [result] = (await Promise.race([
    once(child, 'message'),
    gone.then(() => Promise.reject(new Error('autocannon ended without a result'))),
  ])) as [{ cpuUs: number; requests: number; errors: number }];
  await gone;
  return result;
}
