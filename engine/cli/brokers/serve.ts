import { resolve } from 'node:path';
import { ArchipelError } from '../../model/error.ts';
import { watchInterruption } from '../interruption.ts';
import { createTerminal } from '../terminal.ts';

/** A broker as its command runs it. */
export interface RunningBroker {
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** What it says of itself when it is ready: its name, its address, and what it has. */
  readyLine(port: number): string;
  close(): Promise<void>;
}

/** Runs a broker until it is interrupted; returns the exit code. */
export async function serve(port: number, open: () => Promise<RunningBroker>): Promise<number> {
  const terminal = createTerminal(process.stdout);
  using interruption = watchInterruption(() => {});
  const broker = await open();
  try {
    const opened = await broker.listen().catch((error: NodeJS.ErrnoException) => {
      throw whyNoPort(port, error);
    });
    terminal.line(broker.readyLine(opened));
    await new Promise<void>((done) => {
      if (interruption.signal.aborted) done();
      interruption.signal.addEventListener('abort', () => done(), { once: true });
    });
    return interruption.exitCode();
  } finally {
    await broker.close();
  }
}

/** What a data directory could not be opened for; `kept` is what would be in memory without one. */
export function openWith<Server>(open: () => Server, damaged: new () => Error, kept: string): Server {
  try {
    return open();
  } catch (error) {
    if (error instanceof damaged)
      throw new ArchipelError('document-unreadable', error.message, 'Or choose another directory with --data.', {
        cause: error,
      });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new ArchipelError(
      'file-unwritable',
      `the data directory cannot be used: ${(error as Error).message}`,
      `Choose another one with --data, or leave it out to keep the ${kept} in memory.`,
      { cause: error },
    );
  }
}

/** The end of the line: what a broker found in its directory. */
export function whatItHas(found: { what: string; cutOffBytes: number } | null, directory?: string): string {
  if (!found || directory === undefined) return ', in memory only';
  const cut = found.cutOffBytes > 0 ? `, ${found.cutOffBytes} bytes of an unfinished write cut off` : '';
  return `, ${found.what} from ${resolve(directory)}${cut}`;
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
