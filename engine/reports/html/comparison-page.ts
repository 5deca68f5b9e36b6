import type { ComparedFigure, Comparison, RecordSummary } from '../../records/record.ts';
import { comparedSections, differenceWords, figureText } from '../comparison-words.ts';
import { type Markup, markup } from '../markup.ts';
import { intervalBar } from '../plots/interval-bar.ts';
import { page } from './page.ts';
import { section, table } from './table.ts';

/** Two runs side by side, as a page of its own. */
export function comparisonPage(comparison: Comparison): Markup {
  const { a, b, notes } = comparison;
  const judged = comparison.overall.filter(({ verdict }) => verdict !== 'not judged' && verdict !== 'none shown');
  return page({
    title: `${nameOf(a)} and ${nameOf(b)} · Archipel`,
    heading: markup`<header>
<p class="over">Comparison of two runs</p>
<h1>${nameOf(a)}${nameOf(a) !== nameOf(b) && markup` and ${nameOf(b)}`}</h1>
${notes.length > 0 && markup`<div class="verdict verdict-inconclusive" role="note"><b>note</b><ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul></div>`}
<p class="statement">${
      judged.length === 0
        ? 'Over all routes no difference is shown.'
        : `Over all routes: ${judged.map(({ what, verdict }) => `${what} is lower in ${verdict === 'a lower' ? 'A' : 'B'}`).join(', ')}. For the other figures no difference is shown.`
    }</p>
${table(
  'The runs',
  ['', 'A', 'B'],
  [
    ['Run', a.id, b.id],
    ['Started', startOf(a), startOf(b)],
    ['Seed', String(a.manifest?.seed ?? ''), String(b.manifest?.seed ?? '')],
    ['Verdict', a.verdict ?? '–', b.verdict ?? '–'],
    ['Machine', machineOf(a), machineOf(b)],
  ],
)}
</header>`,
    sections: comparedSections(comparison).map(({ title, figures }, index) =>
      section(
        `part-${index}`,
        title,
        table(
          `${title}: B − A, with the 95 % interval of the difference`,
          ['Figure', 'Unit', 'A#', 'B#', 'B − A#', '95 % interval#', '', 'Shown'],
          figures.map(row),
        ),
      ),
    ),
    footer:
      'Where the interval holds zero, no difference is shown. Requests are taken as independent; while a queue drains they are not, and the interval is then too narrow.',
  });
}

const row = (figure: ComparedFigure) => [
  figure.what,
  figure.unit === 'count' ? '' : figure.unit,
  figureText(figure, figure.a),
  figureText(figure, figure.b),
  figureText(figure, figure.difference),
  figure.interval ? `${figureText(figure, figure.interval.low)} … ${figureText(figure, figure.interval.high)}` : '',
  intervalBar(figure),
  differenceWords[figure.verdict],
];

const nameOf = ({ id, manifest }: RecordSummary): string =>
  manifest ? `${manifest.document.name}: ${manifest.name}` : id;

const startOf = ({ manifest }: RecordSummary): string =>
  manifest ? `${new Date(manifest.startedAtMs).toISOString().slice(0, 19).replace('T', ' ')} UTC` : '';

const machineOf = ({ manifest }: RecordSummary): string =>
  manifest ? `${manifest.host.cpuModel}, ${manifest.host.cores} cores` : '';
