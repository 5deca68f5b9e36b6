import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { announceEngine } from '../documents/running-engines.ts';
import { createEngine } from './create-engine.ts';
import { startServer } from './server.ts';

/*
 * The engine host: the engine and its contract in a process of its own, for the desktop window.
 * Prints one line of JSON with its address and token, and ends in order when it is asked to: by signal or, with
 * ARCHIPEL_OWNER=stdin, by the line "stop". When its owner is gone, its IPC channel or its standard input closes;
 * it then has hardly any time left.
 */

const CLOSE_DEADLINE_MS = 8_000;
/** Nothing may be left three seconds after the owner died, and the guardian needs its time too. */
const ORPHAN_DEADLINE_MS = 800;

const { values } = parseArgs({
  options: { port: { type: 'string' }, initial: { type: 'string' }, static: { type: 'string' } },
});

const here = dirname(fileURLToPath(import.meta.url));
const builtInterface = join(here, '..', 'renderer');

const engine = await createEngine({ door: 'window' });
const server = await startServer({
  engine,
  port: Number(values.port ?? 0),
  staticDirectory: values.static ?? (existsSync(builtInterface) ? builtInterface : null),
  initialPath: values.initial ? resolve(values.initial) : null,
  token: process.env.ARCHIPEL_TOKEN,
  allowedOrigins: (process.env.ARCHIPEL_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean),
});

// Faults can be taken off from outside; an engine that cannot be found from there works all the same.
await announceEngine({
  door: 'window',
  file: values.initial ? resolve(values.initial) : null,
  url: server.url,
  token: server.token,
}).catch(() => {});

let ending = false;
const end = async (deadlineMs: number): Promise<void> => {
  // What cannot be ended in order, the guardian ends. The shortest deadline counts.
  setTimeout(() => process.exit(1), deadlineMs).unref();
  if (ending) return;
  ending = true;
  await server.close();
  await engine.close();
  process.exit(0);
};

process.on('disconnect', () => void end(ORPHAN_DEADLINE_MS));
process.on('SIGTERM', () => void end(CLOSE_DEADLINE_MS));
process.on('SIGINT', () => void end(CLOSE_DEADLINE_MS));
if (process.env.ARCHIPEL_OWNER === 'stdin')
  createInterface({ input: process.stdin })
    .on('line', (line) => line === 'stop' && void end(CLOSE_DEADLINE_MS))
    .on('close', () => void end(ORPHAN_DEADLINE_MS));

process.stdout.write(`${JSON.stringify({ url: server.url, httpUrl: server.httpUrl, token: server.token })}\n`);
