import { machineRows } from '../html/machine-rows.ts';
import { page } from '../html/page.ts';
import { section, table } from '../html/table.ts';
import { type Markup, markup } from '../markup.ts';
import { documentFile } from '../run-again.ts';
import { sweepPlots } from './plots.ts';
import { sweepRunAgain } from './run-again.ts';
import { kindOfSweep, outcomeOfSweep, type SweepReport, sweepTitle } from './sweep-report.ts';
import { sweepTables } from './tables.ts';

/** A document that is larger stands in its file alone. */
const MAX_DOCUMENT_CHARS = 150_000;

const tones: Record<string, string> = { done: 'passed', passed: 'passed', failed: 'failed', aborted: 'aborted' };

/** A sweep, repetitions or a comparison as one page that opens from a disk. */
export function sweepPage(report: SweepReport): Markup {
  const { result, documents } = report;
  const { host } = result;
  const outcome = outcomeOfSweep(result);
  const [first] = documents;
  return page({
    title: `${sweepTitle(report)} · Archipel`,
    heading: markup`<header>
<p class="over">${kindOfSweep(result)} · ${result.document} · scenario “${result.scenario}”</p>
<h1>${sweepTitle(report)}</h1>
<div class="verdict verdict-${tones[outcome] ?? 'inconclusive'}" role="status"><b>${outcome}</b><ul><li>${result.conclusion}</li>${result.warnings.map((warning) => markup`<li>${warning}</li>`)}</ul></div>
${'rule' in result && markup`<p class="statement">${result.rule}.</p>`}
</header>
`,
    sections: [
      section('pictures', 'Pictures', markup`${sweepPlots(result)}`),
      ...sweepTables(result).map(({ title, columns, rows }, index) =>
        section(`table-${index + 1}`, title, table(title, columns, rows)),
      ),
      section(
        'probes',
        result.type === 'batch' ? 'Probes of each experiment' : 'Probes of each repetition',
        probesOf(report),
      ),
      section(
        'environment',
        'Environment',
        table('Where and on what it ran', ['What', 'Value'], [...machineRows(result)]),
      ),
      section(
        'again',
        'Run it again',
        markup`<p>Save the document as <code>${documentFile(first?.name ?? result.document)}</code>:</p>
<pre class="command"><code>${sweepRunAgain(report)}</code></pre>`,
        ...documents.map((document) => {
          const text = JSON.stringify(document, null, 2);
          return text.length > MAX_DOCUMENT_CHARS
            ? markup`<p class="quiet">The document ${document.name} is too large to stand here.</p>`
            : markup`<details><summary>The document ${document.name} as it ran</summary><pre><code>${text}</code></pre></details>`;
        }),
      ),
    ],
    footer: `Measured by Archipel ${host.versions.archipel} on real processes, sockets and requests; how the figures are made: docs/statistics.md.`,
  });
}

function probesOf({ result }: SweepReport): Markup | null {
  if (result.type !== 'repeat' && result.type !== 'batch') return null;
  const runs =
    result.type === 'repeat'
      ? result.repetitions.map(({ probes }, index) => ({ run: String(index + 1), probes }))
      : result.experiments.map(({ name, probes }) => ({ run: name, probes }));
  return table(
    result.type === 'repeat' ? 'Each probe in each repetition' : 'Each probe of each experiment',
    [result.type === 'repeat' ? 'Repetition#' : 'Experiment', 'Phase', 'Probe', 'Measured#', 'Wanted#', 'Outcome'],
    runs.flatMap(({ run, probes }) =>
      probes.map(({ phase, name, observed, wanted, holds, inconclusive }) => [
        run,
        phase,
        name,
        observed,
        wanted,
        inconclusive !== null ? `inconclusive: ${inconclusive}` : holds ? 'holds' : 'does not hold',
      ]),
    ),
  );
}
