import { brokerFigures } from '../model/broker-figures.ts';
import type { Report } from './report.ts';

export type Value = string | number | null;
const COLUMNS = ['table', 'at_ms', 'since_start_ms', 'subject', 'measure', 'unit', 'value'] as const;

/**
 * Time series, routes and brokers as one tidy table: a row for each figure, so that any spreadsheet or data frame can pivot it.
 * After RFC 4180; what a spreadsheet would take as a formula begins with an apostrophe.
 */
export function reportCsv(report: Report): string {
  return csvText([[...COLUMNS], ...seriesRows(report), ...routeRows(report), ...brokerRows(report)]);
}

export const csvText = (rows: readonly (readonly Value[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

function cell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function* seriesRows({ series, result }: Report): Generator<Value[]> {
  for (const { atMs, traffic, nodes, edges } of series) {
    const row = (subject: string, measure: string, unit: string, value: number | null): Value[] => [
      'series',
      atMs,
      atMs - result.startedAtMs,
      subject,
      measure,
      unit,
      value,
    ];
    if (traffic) {
      yield row('traffic', 'sent', 'per second', traffic.ratePerSec);
      yield row('traffic', 'ok', 'per second', traffic.okPerSec);
      yield row('traffic', 'failed', 'per second', traffic.failedPerSec);
      for (const percentile of ['p50', 'p95', 'p99', 'p999', 'max'] as const)
        yield row('traffic', percentile, 'ms', traffic.latencyMs[percentile]);
    }
    for (const [id, node] of Object.entries(nodes)) {
      const subject = `node ${id}`;
      yield row(subject, 'replicas', 'count', node.replicas);
      yield row(subject, 'requests', 'per second', node.requestsPerSec);
      yield row(subject, 'errors', 'per second', node.errorsPerSec);
      yield row(subject, 'p50', 'ms', node.p50Ms);
      yield row(subject, 'p99', 'ms', node.p99Ms);
      yield row(subject, 'in-flight', 'count', node.inFlight);
      yield row(subject, 'cpu', 'cores', node.cpu);
      yield row(subject, 'memory', 'bytes', node.rssBytes);
      for (const [measure, value] of Object.entries(node.measures)) yield row(subject, measure, '', value);
    }
    for (const [id, edge] of Object.entries(edges)) {
      yield row(`edge ${id}`, 'requests', 'count', edge.requests);
      yield row(`edge ${id}`, 'errors', 'count', edge.errors);
    }
  }
}

function* routeRows({ result }: Report): Generator<Value[]> {
  for (const [route, counts] of Object.entries(result.routes)) {
    const row = (measure: string, unit: string, value: number | null): Value[] => [
      'route',
      null,
      null,
      route,
      measure,
      unit,
      value,
    ];
    for (const measure of ['issued', 'ok', 'failed', 'dropped'] as const) yield row(measure, 'count', counts[measure]);
    for (const [reason, amount] of Object.entries(counts.reasons)) yield row(`failed: ${reason}`, 'count', amount);
    for (const [percentile, value] of Object.entries(result.latencyMs.routes[route] ?? {}))
      yield row(percentile, 'ms', value);
  }
}

function* brokerRows({ result }: Report): Generator<Value[]> {
  for (const { broker, figures } of result.brokers ?? [])
    for (const { id, unit } of brokerFigures) yield ['broker', null, null, broker, id, unit, figures[id] ?? null];
}
