import type { Impact } from '../../api/types.ts';
import { count, milliseconds, percent, seconds } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { experimentOf, type Report, titleOf } from '../report.ts';

/** What was asked, the answer, and the figures that everybody looks for first. */
export function heading(report: Report): Markup {
  const { result, document } = report;
  const experiment = experimentOf(report);
  return markup`<header>
<p class="over">${experiment ? 'Experiment' : 'Run'} · ${document.name} · scenario “${result.scenario}”</p>
<h1>${titleOf(report)}</h1>
${experiment?.experiment.statement && markup`<p class="statement">${experiment.experiment.statement}</p>`}
${experiment && markup`<div class="verdict verdict-${experiment.verdict}" role="status"><b>${experiment.verdict}</b><ul>${experiment.reasons.map((reason) => markup`<li>${reason}</li>`)}</ul></div>`}
${result.warnings.length > 0 && !experiment && markup`<div class="verdict verdict-inconclusive" role="note"><b>note</b><ul>${result.warnings.map((warning) => markup`<li>${warning}</li>`)}</ul></div>`}
<dl class="tiles">${tilesOf(report).map(
    ({ title, value, detail, tone }) =>
      markup`<div><dt>${title}</dt><dd class="${tone ?? 'plain'}">${value}</dd><dd class="detail">${detail}</dd></div>`,
  )}</dl>
</header>
`;
}

interface Tile {
  title: string;
  value: string;
  detail: string;
  tone?: 'bad' | 'good';
}

function tilesOf(report: Report): Tile[] {
  const { result } = report;
  const { traffic, durationMs, conservation } = result;
  const experiment = experimentOf(report);
  const decided = traffic.ok + traffic.failed;
  return [
    { title: 'Requests', value: count(traffic.issued), detail: `in ${seconds(durationMs)}` },
    {
      title: 'Succeeded',
      value: percent(traffic.ok, decided),
      detail: traffic.failed > 0 ? `${count(traffic.failed)} failed` : 'none failed',
      // In an experiment failures may be what was wanted: the verdict judges them.
      tone: traffic.failed === 0 ? 'good' : experiment ? undefined : 'bad',
    },
    ...(experiment?.impact ? impactTiles(experiment.impact) : trafficTiles(report)),
    {
      title: 'Conservation',
      value: conservation.holds ? 'holds' : 'broken',
      detail: conservation.holds ? 'every request accounted for' : 'requests do not add up',
      tone: conservation.holds ? 'good' : 'bad',
    },
  ];
}

const trafficTiles = ({ result: { traffic, latencyMs, durationMs } }: Report): Tile[] => [
  {
    title: 'Throughput',
    value: durationMs > 0 ? `${((traffic.ok * 1000) / durationMs).toFixed(1)}/s` : '–',
    detail: 'successful requests',
  },
  { title: 'Latency p50', value: milliseconds(latencyMs.p50), detail: 'from the intended start' },
  { title: 'Latency p99', value: milliseconds(latencyMs.p99), detail: `p99.9 ${milliseconds(latencyMs.p999)}` },
];

const impactTiles = ({ availability, timeToDetectMs, timeToRecoverMs, errorBudget, blastRadius }: Impact): Tile[] => [
  {
    title: 'Availability',
    value: availability === null ? '–' : percent(availability, 1),
    detail: 'from the first effect to recovery',
  },
  {
    title: 'Time to detect',
    value: timeToDetectMs === null ? 'unnoticed' : milliseconds(timeToDetectMs),
    detail: 'by a probe of the hypothesis',
  },
  {
    title: 'Time to recover',
    value: timeToRecoverMs === null ? 'not in time' : milliseconds(timeToRecoverMs),
    detail: 'from the first effect',
    tone: timeToRecoverMs === null ? 'bad' : undefined,
  },
  ...(errorBudget
    ? [
        {
          title: 'Error budget spent',
          value: `${(errorBudget.spent * 100).toFixed(0)} %`,
          detail: `objective ${percent(errorBudget.objective, 1)}`,
        },
      ]
    : []),
  {
    title: 'Blast radius',
    value: `${blastRadius.routes.affected.length} of ${blastRadius.routes.of.length}`,
    detail: 'routes affected',
  },
];
