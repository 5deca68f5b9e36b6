import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalEvent, parseJournalEvent } from '../../metrics/messages/journal-line.ts';

/** An event, and the process that wrote it down. */
export interface Noted {
  journal: string;
  pid: number;
  event: JournalEvent;
}

/** The journals of all processes of a topology. */
export interface Journals {
  /** What was written since the last time, in the order of each journal. */
  read(): Noted[];
  close(): void;
}

interface OpenFile {
  path: string;
  journal: string;
  pid: number;
  file: number;
  at: number;
  /** Of a line that is not there whole yet. */
  rest: string;
}

const CHUNK_BYTES = 256 * 1024;
/** `NODE.REPLICA.PID.PROCESS.NUMBER.journal` */
const NAME = /^([a-z0-9-]+\.\d+\.(\d+)\.[0-9a-z]{8})\.(\d+)\.journal$/;

export function createJournals(directory: string): Journals {
  const open = new Map<string, OpenFile>();
  const finished = new Set<string>();
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);

  const names = (): string[] => {
    try {
      return readdirSync(directory)
        .filter((name) => NAME.test(name) && !finished.has(name))
        .sort();
    } catch (error) {
      // Nobody has published anything yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };

  const readFile = (opened: OpenFile, into: Noted[]): void => {
    for (;;) {
      const bytes = readSync(opened.file, chunk, 0, CHUNK_BYTES, opened.at);
      if (bytes === 0) return;
      opened.at += bytes;
      // Ids, keys and names of others are escaped where they are cut, so a half character stays in the rest.
      const text = opened.rest + chunk.toString('latin1', 0, bytes);
      const lines = text.split('\n');
      opened.rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = parseJournalEvent(Buffer.from(line, 'latin1').toString());
        if (event) into.push({ journal: opened.journal, pid: opened.pid, event });
      }
    }
  };

  /** A journal whose next file has begun writes no more into this one. */
  const finish = (opened: OpenFile, name: string): void => {
    closeSync(opened.file);
    open.delete(name);
    finished.add(name);
    rmSync(opened.path, { force: true });
  };

  return {
    read() {
      const found: Noted[] = [];
      const present = names();
      for (const [index, name] of present.entries()) {
        const [, journal, pid] = NAME.exec(name) as unknown as [string, string, string];
        const path = join(directory, name);
        const opened = open.get(name) ?? {
          ...{ path, journal, pid: Number(pid), file: openSync(path, 'r'), at: 0, rest: '' },
        };
        open.set(name, opened);
        readFile(opened, found);
        if (present[index + 1]?.startsWith(`${journal}.`)) finish(opened, name);
      }
      return found;
    },
    close() {
      for (const { file } of open.values()) closeSync(file);
      open.clear();
    },
  };
}
