import type { LogLine } from '../api/types.ts';
import { experimentOf, nodeName, type Report } from './report.ts';

/** Lines of the log that one probe found, in any of its phases, the oldest first. */
export interface FoundLines {
  probe: string;
  lines: LogLine[];
  /** More were counted than are told. */
  isCut: boolean;
}

/** What log probes rest on: by probe, each line once, however many phases it counted in. */
export function foundLines(report: Pick<Report, 'result'>): FoundLines[] {
  const results = experimentOf(report)?.probes ?? [];
  return [...new Set(results.map(({ name }) => name))].flatMap((probe) => {
    const own = results.filter(({ name, evidence }) => name === probe && evidence.lines !== undefined);
    const lines = own.flatMap(({ evidence }) => evidence.lines ?? []);
    if (lines.length === 0) return [];
    const different = [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
    return {
      probe,
      lines: different.sort((a, b) => a.atMs - b.atMs),
      isCut: own.some(({ value, evidence }) => (value ?? 0) > (evidence.lines?.length ?? 0)),
    };
  });
}

/** Who wrote a line, by the name that the document has. */
export const writerOf = (report: Pick<Report, 'document'>, { nodeId, replica }: LogLine): string =>
  `${nodeName(report, nodeId)}${replica > 0 ? ` #${replica}` : ''}`;
