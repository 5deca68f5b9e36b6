import { count, milliseconds, percent, plural } from '../figures.ts';
import { markup } from '../markup.ts';
import { experimentOf, type Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** On what the figures rest: that requests add up, how the client kept up, and what measuring cost. */
export function ground(report: Report): Section | null {
  const { result } = report;
  const { conservation, latencyMs, generator, iterations, overhead } = result;
  const { uncorrected } = latencyMs;
  const experiment = experimentOf(report);
  return section(
    'ground',
    'What the figures rest on',
    markup`<p><span class="badge ${conservation.holds ? 'good' : 'bad'}">${conservation.holds ? 'adds up' : 'does not add up'}</span> <code>${conservation.equation}</code></p>
<p class="quiet">Both sides are counted on their own: each failed request has exactly one reason, at one hop.</p>`,
    table(
      'Latency of the successful requests',
      ['Measured', 'p50#', 'p95#', 'p99#', 'p99.9#', 'Longest#'],
      [
        ['from the intended start', latencyMs],
        ['from the actual start, which omits what a request waited for the client', uncorrected],
      ].map(([name, summary]) => {
        const { p50, p95, p99, p999, max } = summary as typeof uncorrected;
        return [name as string, ...[p50, p95, p99, p999, max].map(milliseconds)];
      }),
    ),
    table(
      'Whether the clients kept up',
      ['Figure', 'Value#'],
      [
        ['Requests that were due', count(generator.due)],
        ['of them never sent', `${count(generator.dropped)} (${percent(generator.dropped, generator.due)})`],
        ['Late by, p50', milliseconds(generator.latenessMs.p50)],
        ['Late by, p99', milliseconds(generator.latenessMs.p99)],
        ['Late by, longest', milliseconds(generator.latenessMs.max)],
        [
          'Iterations',
          `${count(iterations.started)} started, ${count(iterations.completed)} completed, ${count(iterations.interrupted)} interrupted, ${count(iterations.dropped)} dropped`,
        ],
      ],
    ),
    overhead &&
      table(
        'What measuring cost, measured in the run itself',
        ['Part', 'Cost#', 'How it is known'],
        [
          [
            'Links, per round trip',
            milliseconds(overhead.links.addedP50Ms),
            `median of ${plural(overhead.links.pairs, 'pair')} of health checks, through a link and beside it`,
          ],
          ['Links, processor', percent(overhead.links.cpu, 1), 'of one core'],
          [
            'Tracing, processor',
            percent(overhead.tracing.cpu, 1),
            `of one core, estimated in the processes; ${plural(overhead.tracing.spans, 'span')}, ${count(overhead.tracing.dropped)} dropped`,
          ],
          ['Engine, processor', percent(overhead.engine.cpu, 1), 'of one core'],
        ],
      ),
    experiment &&
      result.warnings.length > 0 &&
      markup`<ul>${result.warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>`,
    markup`<p class="quiet">Percentiles come from merged histograms and are never averages of percentiles. Requests are counted in the phase in which they were meant to start. A probe with too few samples, a client that fell behind, a machine that was too busy, or a fault without proofs makes the verdict inconclusive.</p>`,
  );
}
