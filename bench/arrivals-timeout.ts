import { fork } from 'node:child_process';
import { once } from 'node:events';

const program = `
process.once('message', ({ times }) => {
  const late = [];
  const zero = performance.now() + 50;
  let next = 0;
  const batch = () => {
    const now = performance.now() - zero;
    for (; next < times.length && times[next] <= now; next += 1) late.push(now - times[next]);
    if (next < times.length) return setTimeout(batch, Math.max(1, times[next] - now));
    late.sort((a, b) => a - b);
    process.send(late[Math.floor(late.length / 2)]);
    process.disconnect();
  };
  batch();
});
`;

/** Median lateness of the same arrivals when each batch of them waits for a timer of the event loop. */
export async function timeoutLatenessMs(times: readonly number[]): Promise<number> {
  const child = fork('-e', [program], { execPath: process.env.ARCHIPEL_NODE ?? process.execPath, execArgv: [] });
  child.send({ times });
  const gone = once(child, 'exit');
  const [p50Ms] = (await Promise.race([
    once(child, 'message'),
    gone.then(() => Promise.reject(new Error('the timer process ended without a result'))),
  ])) as [number];
  await gone;
  return p50Ms;
}
