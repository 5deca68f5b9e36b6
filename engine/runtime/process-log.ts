import { createWriteStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { LogLine } from '../api/types.ts';

const RING_LINES = 1000;
const FILE_LIMIT_BYTES = 10 * 1024 * 1024;
const LINE_LIMIT = 4000;
/** More than this in a second is a flood: the rest of that second waits in the pipe and slows its writer down. */
const FLOOD_BYTES_PER_SEC = 4 * 1024 * 1024;
const FLOOD_LINES_PER_SEC = 2000;

export interface ProcessLog {
  lines(): readonly LogLine[];
  /** True while its writer sends more than is kept. */
  floods(): boolean;
  attach(stream: Readable, name: 'stdout' | 'stderr'): void;
  /** What the engine did with the process, or found it to be. */
  note(text: string): void;
  /** What processes wrote themselves since then, for error messages. */
  written(sinceMs: number): string[];
  close(): void;
}

/** Keeps what one replica writes: the newest lines in memory, and up to a limit in a file. Bounded whatever is written. */
export function createProcessLog(options: {
  nodeId: string;
  replica: number;
  file: string;
  onLines(lines: LogLine[]): void;
}): ProcessLog {
  const ring: LogLine[] = [];
  let file: WriteStream | null = createWriteStream(options.file, { flags: 'a' });
  file.on('error', () => {
    file = null;
  });
  let fileBytes = 0;
  let bytesThisSecond = 0;
  let linesThisSecond = 0;
  let droppedThisSecond = 0;
  let flooding = false;
  const paused = new Set<Readable>();

  const keep = (stream: LogLine['stream'], texts: string[]): void => {
    const lines = texts.map((text) => ({
      atMs: Date.now(),
      nodeId: options.nodeId,
      replica: options.replica,
      stream,
      text,
    }));
    ring.push(...lines);
    if (ring.length > RING_LINES) ring.splice(0, ring.length - RING_LINES);
    for (const { text } of lines) {
      if (!file || fileBytes > FILE_LIMIT_BYTES) break;
      fileBytes += text.length + 1;
      file.write(
        fileBytes > FILE_LIMIT_BYTES ? '… the log file is full; what follows is kept in memory only\n' : `${text}\n`,
      );
    }
    options.onLines(lines);
  };

  const second = setInterval(() => {
    const wasFlooding = flooding;
    flooding = droppedThisSecond > 0 || paused.size > 0;
    if (flooding) keep('engine', [`… floods its log: ${droppedThisSecond} lines dropped in the last second`]);
    else if (wasFlooding) keep('engine', ['the flood has ended']);
    bytesThisSecond = 0;
    linesThisSecond = 0;
    droppedThisSecond = 0;
    for (const stream of paused) stream.resume();
    paused.clear();
  }, 1000);
  second.unref();

  return {
    lines: () => ring,
    floods: () => flooding || droppedThisSecond > 0,
    attach(stream, name) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        bytesThisSecond += chunk.length;
        const parts = (rest + chunk).split('\n');
        rest = (parts.pop() ?? '').slice(0, LINE_LIMIT);
        const room = Math.max(0, FLOOD_LINES_PER_SEC - linesThisSecond);
        linesThisSecond += parts.length;
        if (parts.length > room) droppedThisSecond += parts.length - room;
        const kept = parts.slice(0, room).map((part) => part.slice(0, LINE_LIMIT).replace(/\r$/, ''));
        if (kept.length > 0) keep(name, kept);
        if (bytesThisSecond > FLOOD_BYTES_PER_SEC) {
          stream.pause();
          paused.add(stream);
        }
      });
      stream.on('end', () => {
        if (rest) keep(name, [rest]);
        rest = '';
      });
      stream.on('error', () => {});
    },
    note: (text) => keep('engine', [text]),
    written: (sinceMs) =>
      ring.filter(({ atMs, stream }) => stream !== 'engine' && atMs >= sinceMs).map(({ text }) => text),
    close() {
      clearInterval(second);
      for (const stream of paused) stream.resume();
      paused.clear();
      file?.end();
      file = null;
    },
  };
}
