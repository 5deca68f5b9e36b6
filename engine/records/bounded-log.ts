import type { LogLine } from '../api/types.ts';

export interface LogBounds {
  /** Of what the processes of one node write. */
  perNodeBytes: number;
  /** Of all nodes, what the engine notes of them included. */
  totalBytes: number;
}

const MIB = 1024 * 1024;

const LOG_BOUNDS: LogBounds = { perNodeBytes: MIB, totalBytes: 8 * MIB };

/** Lines for the file of a log, as JSON, as far as there is room for them; where it ends, the log says so. */
export interface BoundedLog {
  take(lines: readonly LogLine[]): string[];
  /** At the end: how much was left out of each node. */
  leftOut(atMs: number): string[];
}

export function createBoundedLog({ perNodeBytes, totalBytes }: LogBounds = LOG_BOUNDS): BoundedLog {
  const nodes = new Map<string, { bytes: number; leftOut: number }>();
  let total = 0;

  const note = (nodeId: string, atMs: number, text: string): string =>
    JSON.stringify({ atMs, nodeId, replica: 0, stream: 'engine', text } satisfies LogLine);

  const limits = `it keeps ${mebibytes(perNodeBytes)} of a node's log and ${mebibytes(totalBytes)} in all`;

  return {
    take(lines) {
      const kept: string[] = [];
      for (const line of lines) {
        const { nodeId, stream, atMs } = line;
        const node = nodes.get(nodeId) ?? { bytes: 0, leftOut: 0 };
        nodes.set(nodeId, node);
        const text = JSON.stringify(line);
        const bytes = Buffer.byteLength(text) + 1;
        // What became of a process is kept, however much the process wrote itself.
        const isFull = stream !== 'engine' && node.bytes + bytes > perNodeBytes;
        if (isFull || total + bytes > totalBytes) {
          if (node.leftOut === 0) kept.push(note(nodeId, atMs, `… what follows is not in the record: ${limits}`));
          node.leftOut += 1;
          continue;
        }
        if (stream !== 'engine') node.bytes += bytes;
        total += bytes;
        kept.push(text);
      }
      return kept;
    },
    leftOut: (atMs) =>
      [...nodes].flatMap(([nodeId, { leftOut }]) =>
        leftOut === 0 ? [] : [note(nodeId, atMs, `… ${leftOut} lines of this node are not in the record: ${limits}`)],
      ),
  };
}

const mebibytes = (bytes: number): string => `${Math.round((bytes / MIB) * 100) / 100} MiB`;
