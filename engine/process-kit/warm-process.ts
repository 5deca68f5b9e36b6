import { createRequire } from 'node:module';
import type { LoadProgram, WarmMessage } from './protocol.ts';

/*
 * An idle process that becomes a program when it is told which. From then on it is the same as one that was started for it:
 * the program takes its messages, beginning with `start`.
 */

process.on('disconnect', () => process.exit(0));
// An interrupt at the terminal reaches the whole group; the host then stops its processes in order.
process.on('SIGINT', () => {});

// What every program of ours needs, loaded before anybody waits for it. A bundler would drop plain imports of it.
const load = createRequire(__filename);
for (const name of ['node:http', 'node:perf_hooks', 'node:async_hooks', 'node:crypto']) load(name);

process.once('message', ({ file }: LoadProgram) => load(file));

process.send?.({ type: 'warm' } satisfies WarmMessage);
