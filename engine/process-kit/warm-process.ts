import { createRequire } from 'node:module';
// What every program of ours needs, loaded before anybody waits for it.
import 'node:http';
import 'node:perf_hooks';
import type { LoadProgram, WarmMessage } from './protocol.ts';

/*
 * An idle process that becomes a program when it is told which. From then on it is the same as one that was started for it:
 * the program takes its messages, beginning with `start`.
 */

process.on('disconnect', () => process.exit(0));
// An interrupt at the terminal reaches the whole group; the host then stops its processes in order.
process.on('SIGINT', () => {});

process.once('message', ({ file }: LoadProgram) => createRequire(file)(file));

process.send?.({ type: 'warm' } satisfies WarmMessage);
