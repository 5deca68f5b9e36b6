import type { LatencySummary, TrafficCounts } from '../../api/types.ts';
import { brokerTable } from '../brokers.ts';
import { count, limit, mebibytes, milliseconds, percent } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { edgeMeasuresOf, kindOf, nodeMeasures } from '../measures.ts';
import { messageTable } from '../messages.ts';
import { sparkline } from '../plots/sparkline.ts';
import { nodeName, type Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** What users got, by route, and where what failed began. */
export function routes({ result }: Report): Section | null {
  const { traffic, latencyMs } = result;
  const row = (name: Markup | string, counts: TrafficCounts, latency: LatencySummary | undefined) => [
    name,
    count(counts.issued),
    percent(counts.ok, counts.ok + counts.failed),
    failed(counts.failed),
    count(counts.dropped),
    ...[latency?.p50, latency?.p95, latency?.p99, latency?.max].map((value) => milliseconds(value ?? null)),
  ];
  const rows = Object.entries(result.routes).map(([name, counts]) => row(name, counts, latencyMs.routes[name]));
  return section(
    'routes',
    'Routes',
    table(
      'Requests by route; latency of the successful ones, from their intended start',
      ['Route', 'Issued#', 'Succeeded#', 'Failed#', 'Dropped#', 'p50#', 'p95#', 'p99#', 'Longest#'],
      rows.length > 1 ? [...rows, row(markup`<b>All</b>`, traffic, latencyMs)] : rows,
    ),
    table(
      'Why requests failed, and at which hop it began',
      ['Reason', 'At', 'Requests#', 'Of all failed#'],
      result.failures.map(({ reason, hop, count: amount }) => [
        reason,
        hop,
        count(amount),
        percent(amount, traffic.failed),
      ]),
    ),
  );
}

export function nodes(report: Report): Section | null {
  const { result, series, document } = report;
  const during = series.filter(({ atMs }) => atMs <= result.startedAtMs + result.durationMs);
  return section(
    'nodes',
    'Nodes',
    table(
      'Nodes over the run',
      [
        'Node',
        'Kind',
        'Replicas#',
        'Requests#',
        'Errors#',
        'Requests per second',
        'CPU#',
        'Memory#',
        'Limit',
        'Its own figures',
      ],
      Object.entries(result.nodes).map(([id, node]) => {
        const kind = document.nodes.find((candidate) => candidate.id === id)?.kind;
        const name = nodeName(report, id);
        return [
          markup`${name}${name !== id && markup` <small>${id}</small>`}`,
          kindOf(kind)?.title ?? kind ?? '',
          count(node.replicas),
          count(node.requests),
          failed(node.errors),
          sparkline(
            during.map(({ atMs, nodes: all }) => ({ atMs, value: all[id]?.requestsPerSec ?? null })),
            `requests per second of ${name} over the run`,
          ),
          percent(node.cpu, 1),
          mebibytes(node.rssBytes),
          node.limit
            ? markup`<span class="badge warn">${limit(node.limit)}</span> <small>${node.limit.detail}</small>`
            : 'none',
          list(nodeMeasures(kind, node.measures)),
        ];
      }),
    ),
    table(
      'Calls along each edge, as the callers counted them',
      ['Edge', 'From', 'To', 'Calls#', 'Failed#', 'Share of each replica', 'Policies and protocol'],
      Object.entries(result.edges).map(([id, edge]) => {
        const found = document.edges.find((candidate) => candidate.id === id);
        return [
          id,
          found ? nodeName(report, found.source) : '',
          found ? nodeName(report, found.target) : '',
          count(edge.requests),
          failed(edge.errors),
          Object.entries(edge.shares ?? {})
            .map(([replica, share]) => `${replica}: ${percent(share, 1).replace(/\.\d+/, '')}`)
            .join(' · '),
          list(edgeMeasuresOf(edge.measures)),
        ];
      }),
    ),
  );
}

export function messages({ result }: Report): Section | null {
  const found = messageTable(result);
  if (!found) return null;
  return section(
    'messages',
    'Messages',
    table(
      'What became of the messages; each row adds up',
      found.titles.map((title, index) => (index < 2 ? title : `${title}#`)),
      found.rows,
    ),
  );
}

export function brokers({ result }: Report): Section | null {
  const found = brokerTable(result);
  if (!found) return null;
  return section(
    'brokers',
    'Brokers',
    table(
      'Brokers side by side, over the whole run',
      found.titles.map((title, index) => (index === 0 ? title : `${title}#`)),
      found.rows,
    ),
  );
}

const failed = (amount: number): Markup | string => (amount > 0 ? markup`<b class="bad">${count(amount)}</b>` : '0');

const list = (figures: readonly { title: string; text: string }[]): Markup | null =>
  figures.length === 0
    ? null
    : markup`<ul class="own">${figures.map(({ title, text }) => markup`<li>${title} <b>${text}</b></li>`)}</ul>`;
