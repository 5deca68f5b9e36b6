import type { LogLine } from './types.ts';

/** Lines that a reader may fall behind before it loses the oldest. */
const BACKLOG_LINES = 5000;
const BATCH_MS = 100;

/** Hands log lines to readers in batches; a slow reader loses the oldest lines, never the engine's memory. */
export interface LogFeed {
  push(lines: LogLine[]): void;
  read(nodeId: string | undefined, recent: LogLine[], signal: AbortSignal): AsyncGenerator<LogLine[]>;
}

export function createLogFeed(): LogFeed {
  const readers = new Set<(lines: LogLine[]) => void>();
  return {
    push(lines) {
      for (const reader of readers) reader(lines);
    },
    async *read(nodeId, recent, signal) {
      let backlog: LogLine[] = [...recent];
      let wake: (() => void) | null = null;
      const reader = (lines: LogLine[]): void => {
        backlog.push(...(nodeId === undefined ? lines : lines.filter((line) => line.nodeId === nodeId)));
        if (backlog.length > BACKLOG_LINES) backlog = backlog.slice(-BACKLOG_LINES);
        if (backlog.length > 0) wake?.();
      };
      const onAbort = (): void => wake?.();
      readers.add(reader);
      signal.addEventListener('abort', onAbort);
      try {
        // An empty first batch tells a reader that there is nothing yet.
        let first = true;
        while (!signal.aborted) {
          if (backlog.length > 0 || first) {
            const lines = backlog;
            backlog = [];
            first = false;
            yield lines;
            await new Promise((resolve) => setTimeout(resolve, BATCH_MS));
          } else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        readers.delete(reader);
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
