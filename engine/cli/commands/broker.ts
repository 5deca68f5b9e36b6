import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ArchipelError } from '../../model/error.ts';
import type { RespServer } from '../../wire/resp/server.ts';
import { parseMegabytes, parsePort } from '../arguments.ts';
import { watchInterruption } from '../interruption.ts';
import { createTerminal } from '../terminal.ts';

interface RedisOptions {
  port: number;
  data?: string;
  fsync: 'always' | 'everysec' | 'no';
  maxMemory?: number;
  password?: string;
}

/** The embedded brokers by themselves, for people who only want the broker. */
export function addBroker(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  const broker = program
    .command('broker')
    .description('run an embedded message broker by itself, until it is interrupted');
  broker
    .command('redis')
    .description('a server that stock clients of Redis 7 and BullMQ use unchanged; on this machine only')
    .option('--port <number>', 'port on 127.0.0.1; 0: a free one', parsePort, 6379)
    .option('--data <directory>', 'keep the keys in an append-only file there (default: only in memory)')
    .addOption(
      new Option('--fsync <policy>', 'when what is confirmed is on the disk')
        .choices(['always', 'everysec', 'no'])
        .default('everysec'),
    )
    .option('--max-memory <MB>', 'refuse writes beyond (default: no limit)', parseMegabytes)
    .option('--password <text>', 'what clients must say with AUTH (default: nothing)')
    .action((options: RedisOptions) => act(() => redis(options)));
}

async function redis(options: RedisOptions): Promise<number> {
  const terminal = createTerminal(process.stdout);
  using interruption = watchInterruption(() => {});
  const server = await open(options);
  try {
    const port = await server.listen().catch((error: NodeJS.ErrnoException) => {
      throw whyNoPort(options.port, error);
    });
    terminal.line(`redis is ready at redis://127.0.0.1:${port}${whatItHas(server, options)}`);
    await new Promise<void>((done) => {
      if (interruption.signal.aborted) done();
      interruption.signal.addEventListener('abort', () => done(), { once: true });
    });
    return interruption.exitCode();
  } finally {
    await server.close();
  }
}

/** Loaded here, so that other commands start without it. */
async function open({ port, data, fsync, maxMemory, password }: RedisOptions): Promise<RespServer> {
  const [{ createServer }, { DamagedLogError }] = await Promise.all([
    import('../../wire/resp/server.ts'),
    import('../../wire/resp/persistence/recover.ts'),
  ]);
  try {
    return createServer({
      port,
      fsync,
      ...(data === undefined ? {} : { dataDir: resolve(data) }),
      ...(maxMemory === undefined ? {} : { maxMemoryBytes: maxMemory * 1024 * 1024 }),
      ...(password === undefined ? {} : { password }),
    });
  } catch (error) {
    if (error instanceof DamagedLogError)
      throw new ArchipelError('document-unreadable', error.message, 'Or choose another directory with --data.', {
        cause: error,
      });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new ArchipelError(
      'file-unwritable',
      `the data directory cannot be used: ${(error as Error).message}`,
      'Choose another one with --data, or leave it out to keep the keys in memory.',
      { cause: error },
    );
  }
}

function whatItHas({ recovered, state }: RespServer, { data }: RedisOptions): string {
  if (!recovered) return ', in memory only';
  const cut = recovered.cutOffBytes > 0 ? `, ${recovered.cutOffBytes} bytes of an unfinished write cut off` : '';
  return `, ${state.keyspace.keys} keys from ${resolve(data as string)}${cut}`;
}

function whyNoPort(port: number, error: NodeJS.ErrnoException): ArchipelError {
  const isTaken = error.code === 'EADDRINUSE';
  return new ArchipelError(
    'port-unavailable',
    isTaken ? `port ${port} is in use` : `port ${port} cannot be opened: ${error.message}`,
    isTaken ? 'Choose another with --port, or --port 0 for a free one.' : 'Choose one above 1023 with --port.',
    { cause: error },
  );
}
