import { seconds } from '../figures.ts';
import { foundLines, writerOf } from '../found-lines.ts';
import { markup } from '../markup.ts';
import type { Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** The lines that log probes found; all others are in the record. */
export function log(report: Report): Section | null {
  const found = foundLines(report);
  const { startedAtMs, record } = report.result;
  return section(
    'log',
    'Lines of logs that probes found',
    markup`${found.map(({ probe, lines, isCut }) => [
      table(
        probe,
        ['At', 'Node', 'Line'],
        lines.map((line) => [
          seconds(line.atMs - startedAtMs),
          writerOf(report, line),
          markup`<code>${line.text}</code>`,
        ]),
        { className: 'plain journal' },
      ),
      isCut && markup`<p class="quiet">These are the first 20 of each phase; more were counted.</p>`,
    ])}`,
    found.length > 0 &&
      report.log.length > 0 &&
      markup`<p class="quiet">All that was logged is in the record: <code>archipel runs log ${record}</code></p>`,
  );
}
