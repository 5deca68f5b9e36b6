import { markup } from '../markup.ts';
import type { Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** More of them say less; the record has all. */
const MOST = 400;

/** Everything that happened, in its order. */
export function journal({ events, result }: Report): Section | null {
  const own = 'journal' in result ? result.journal : [];
  const all = (
    events.length > 0
      ? events.map(({ atMs, type, subject, text }) => ({ atMs, what: subject ?? type, text }))
      : own.map(({ atMs, event }) => ({ atMs, what: 'journal', text: event }))
  ).sort((a, b) => a.atMs - b.atMs);
  if (all.length === 0) return null;
  const shown = all.slice(0, MOST);
  return section(
    'journal',
    'What happened',
    markup`<details${all.length <= 60 && markup` open`}><summary>${all.length} events</summary>${table(
      'Events, by the time since the start of the traffic',
      ['At', 'Subject', 'What'],
      shown.map(({ atMs, what, text }) => [`${((atMs - result.startedAtMs) / 1000).toFixed(1)} s`, what, text]),
      { className: 'plain journal' },
    )}${all.length > shown.length && markup`<p class="quiet">${all.length - shown.length} more are in the record.</p>`}</details>`,
  );
}
