import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createEngine } from './create-engine.ts';
import { startServer } from './server.ts';

/*
 * The engine host: the engine and its contract in a process of its own, for the desktop window.
 * Prints one line of JSON with its address and token, and ends in order when its owner is gone:
 * when its IPC channel closes, or, with ARCHIPEL_OWNER=stdin, its standard input.
 */

const CLOSE_DEADLINE_MS = 8_000;

const { values } = parseArgs({
  options: { port: { type: 'string' }, initial: { type: 'string' }, static: { type: 'string' } },
});

const here = dirname(fileURLToPath(import.meta.url));
const builtInterface = join(here, '..', 'renderer');

const engine = await createEngine();
const server = await startServer({
  engine,
  port: Number(values.port ?? 0),
  staticDirectory: values.static ?? (existsSync(builtInterface) ? builtInterface : null),
  initialPath: values.initial ? resolve(values.initial) : null,
  token: process.env.ARCHIPEL_TOKEN,
  allowedOrigins: (process.env.ARCHIPEL_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean),
});

let ending = false;
const end = async (): Promise<void> => {
  if (ending) return;
  ending = true;
  // What cannot be ended in order, the guardian ends.
  setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
  await server.close();
  await engine.close();
  process.exit(0);
};

process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
if (process.env.ARCHIPEL_OWNER === 'stdin') process.stdin.on('end', () => void end()).resume();

process.stdout.write(`${JSON.stringify({ url: server.url, httpUrl: server.httpUrl, token: server.token })}\n`);
