import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatMessageId } from '../../metrics/messages/id-set.ts';
import { formatJournalEvent, type JournalEvent } from '../../metrics/messages/journal-line.ts';
import { machineMs } from '../machine-clock.ts';

/** A file is closed when it is so long, and another one begun. */
const FILE_BYTES = 4 * 1024 * 1024;

type Timed = Extract<JournalEvent, { atMs: number }>;
type WithoutTime<Event> = Event extends Timed ? Omit<Event, 'atMs'> : never;

/** What a process writes down of its messages, before it does what it writes. Survives its SIGKILL. */
export interface Journal {
  /** An id for a message that this process publishes. */
  nextId(): string;
  /** Of messages that go to all of these at once. */
  publisher(edge: string, destinations: readonly string[]): number;
  consumer(edge: string, destination: string, subscription: string): number;
  note(event: WithoutTime<Timed>): void;
}

export function createJournal(options: { directory: string; nodeId: string; replica: number }): Journal {
  // Node's crypto would cost every service a megabyte; nothing here is a secret.
  const process8 = Math.floor(Math.random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  let file: number | null = null;
  let files = 0;
  let bytes = 0;
  let number = 0;
  let ways = 0;

  const write = (event: JournalEvent): void => {
    if (file === null) {
      mkdirSync(options.directory, { recursive: true });
      // Read in the order of their names.
      const name = `${options.nodeId}.${options.replica}.${process.pid}.${process8}.${String(files).padStart(6, '0')}`;
      file = openSync(join(options.directory, `${name}.journal`), 'a');
      files += 1;
      bytes = 0;
    }
    const line = formatJournalEvent(event);
    bytes += writeSync(file, line);
    if (bytes < FILE_BYTES) return;
    closeSync(file);
    file = null;
  };

  const nextWay = (): number => {
    ways += 1;
    return ways;
  };

  return {
    nextId: () => formatMessageId({ process: process8, number: number++ }),
    publisher(edge, destinations) {
      const way = nextWay();
      write({ type: 'publisher', number: way, edge, destinations });
      return way;
    },
    consumer(edge, destination, subscription) {
      const way = nextWay();
      write({ type: 'consumer', number: way, edge, destination, subscription });
      return way;
    },
    note: (event) => write({ ...event, atMs: machineMs() } as JournalEvent),
  };
}
