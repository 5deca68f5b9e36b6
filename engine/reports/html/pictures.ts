import { courseOf } from '../course.ts';
import { milliseconds } from '../figures.ts';
import { markup } from '../markup.ts';
import { timeAxis } from '../plots/frame.ts';
import { type Curve, linePlot } from '../plots/line-plot.ts';
import { timeline } from '../plots/timeline.ts';
import type { Report } from '../report.ts';
import { drawTopology } from '../topology/picture.ts';
import type { Section } from './page.ts';
import { section } from './table.ts';

export function topology(report: Report): Section | null {
  if (report.document.nodes.length === 0) return null;
  const { size, content, description } = drawTopology(report);
  return section(
    'topology',
    'Topology',
    markup`<figure class="topology"><svg viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="The topology: ${description}">${content}</svg>
<figcaption>Figures are of the whole run. Calls are as the callers counted them; CPU 100 % is one core.</figcaption></figure>`,
  );
}

/** Timeline and plots, one above the other in the same time. */
export function course(report: Report): Section | null {
  const axis = timeAxis(report);
  const spans = courseOf(report);
  const bands = spans.flatMap(({ lane, fromMs, toMs }) =>
    lane === 'fault' || lane === 'change' ? [{ lane, fromMs, toMs }] : [],
  );
  const samples = report.series.filter(({ atMs, traffic }) => traffic && atMs <= axis.toMs);
  const curve = (
    name: string,
    tone: Curve['tone'],
    value: (traffic: NonNullable<Report['series'][number]['traffic']>) => number | null,
    filled = false,
  ): Curve => ({
    name,
    tone,
    filled,
    points: samples.map(({ atMs, traffic }) => ({ atMs, value: traffic && value(traffic) })),
  });
  const plots =
    samples.length < 2
      ? markup`<p class="quiet">There is no time series: ${report.sha256 === null ? 'no record was kept of this run' : 'the run was too short for one'}.</p>`
      : markup`${linePlot({
          title: 'Throughput',
          axis,
          bands,
          format: (value) => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)}/s`,
          curves: [
            curve('sent', 'sent', ({ ratePerSec }) => ratePerSec),
            curve('succeeded', 'ok', ({ okPerSec }) => okPerSec, true),
            curve('failed', 'failed', ({ failedPerSec }) => failedPerSec, true),
          ],
        })}${linePlot({
          title: 'Latency of successful requests',
          axis,
          bands,
          spansPowers: true,
          format: plainMs,
          curves: [
            curve('p50', 'p50', ({ latencyMs }) => latencyMs.p50),
            curve('p95', 'p95', ({ latencyMs }) => latencyMs.p95),
            curve('p99', 'p99', ({ latencyMs }) => latencyMs.p99),
          ],
        })}<p class="quiet">Each point is the second before it. Shaded: a fault was on, or a change was under way.</p>`;
  return section('course', 'Course of the run', timeline(spans, axis), plots);
}

/** `0.1 ms`, `50 ms`, `2 s`: as short as an axis wants it. */
function plainMs(value: number): string {
  if (value >= 1000) return `${Number((value / 1000).toPrecision(3))} s`;
  return value < 10 && !Number.isInteger(value)
    ? `${Number(value.toPrecision(2))} ms`
    : milliseconds(value).replace(/\.0+ ms/, ' ms');
}
