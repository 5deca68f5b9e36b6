import { markup } from '../markup.ts';
import { kindOf } from '../measures.ts';
import type { Report } from '../report.ts';
import { documentFile, runAgain } from '../run-again.ts';
import { machineRows } from './machine-rows.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** A document that is larger stands in its file alone. */
const MAX_DOCUMENT_CHARS = 150_000;

/** Where the figures come from: machine, versions, seed, document. */
export function environment({ result, sha256, document }: Report): Section | null {
  const kinds = [...new Set(document.nodes.map(({ kind }) => kind))].flatMap((kind) => kindOf(kind) ?? []);
  return section(
    'environment',
    'Environment',
    table(
      'Where and on what it ran',
      ['What', 'Value'],
      [
        ...machineRows(result),
        [
          'Document',
          markup`${document.name}${sha256 !== null && markup`<br><small>SHA-256 <code>${sha256}</code></small>`}`,
        ],
        ...(result.record === null ? [] : [['Record', markup`<code>${result.record}</code>`] as const]),
      ],
    ),
    table(
      'What is real and what is modelled',
      ['Kind', 'Real', 'Modelled'],
      kinds.map(({ title, fidelity }) => [title, fidelity.real.join('; '), fidelity.modelled.join('; ') || '–']),
    ),
  );
}

export function again(report: Report): Section | null {
  const text = JSON.stringify(report.document, null, 2);
  const file = documentFile(report.document.name);
  return section(
    'again',
    'Run it again',
    markup`<p>Save the document as <code>${file}</code>, and with the same seed the same requests are sent at the same times:</p>
<pre class="command"><code>${runAgain(report)}</code></pre>`,
    text.length > MAX_DOCUMENT_CHARS
      ? markup`<p class="quiet">The document is too large to stand here; the record has it.</p>`
      : markup`<details><summary>The document as it ran</summary><pre><code>${text}</code></pre></details>`,
  );
}
