import type { RunResult } from '../api/types.ts';
import { brokerTable } from '../reports/brokers.ts';
import { breakEvenWords, costColumns, costRows, costsIn, costTotal } from '../reports/costs.ts';
import { messageTable } from '../reports/messages.ts';
import { changeLines } from './change-lines.ts';
import { edgeLines } from './edge-lines.ts';
import { count, limit, mebibytes, milliseconds, percent, seconds } from './figures.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { overheadLine } from './tracing.ts';
import { trafficLines } from './traffic-lines.ts';

/** The result of a run for people: routes, failures by hop, nodes, and whether the counts add up. */
export function printRun(terminal: Terminal, result: RunResult): void {
  const { traffic, latencyMs } = result;
  const block = (lines: readonly string[]): void => {
    terminal.line();
    const [head = '', ...rows] = lines;
    terminal.line(`  ${terminal.style('dim', head)}`);
    for (const row of rows) terminal.line(`  ${row}`);
  };

  const routes = Object.entries(result.routes).map(([name, counts]) => ({
    name,
    counts,
    latency: latencyMs.routes[name],
  }));
  const row = (
    name: string,
    counts: RunResult['traffic'],
    latency: RunResult['latencyMs'] | (typeof routes)[number]['latency'],
  ): string[] => [
    name,
    count(counts.issued),
    percent(counts.ok, counts.issued),
    count(counts.failed),
    count(counts.dropped),
    milliseconds(latency?.p50 ?? null),
    milliseconds(latency?.p99 ?? null),
    milliseconds(latency?.max ?? null),
  ];
  block(
    table(
      ['route', 'issued', 'ok', 'failed', 'dropped', 'p50', 'p99', 'max'],
      [
        ...routes.map(({ name, counts, latency }) => row(name, counts, latency)),
        ...(routes.length > 1 ? [row('all', traffic, latencyMs)] : []),
      ],
    ),
  );

  if (result.failures.length > 0)
    block(
      table(
        ['reason', 'at', 'failed'],
        result.failures.map(({ reason, hop, count: amount }) => [reason, hop, count(amount)]),
        [0, 1],
      ),
    );

  block(
    table(
      ['node', 'replicas', 'cpu', 'memory', 'requests', 'errors', 'limit'],
      Object.entries(result.nodes).map(([id, node]) => [
        id,
        count(node.replicas),
        `${(node.cpu * 100).toFixed(1)} %`,
        mebibytes(node.rssBytes),
        count(node.requests),
        count(node.errors),
        limit(node.limit),
      ]),
      [0, 6],
    ),
  );
  for (const [id, node] of Object.entries(result.nodes))
    if (node.limit) terminal.line(terminal.style('dim', `  ${id}: ${node.limit.detail}`));

  const edges = edgeLines(result);
  if (edges.length > 0) block(edges);

  const messages = messageTable(result);
  if (messages)
    block(
      table(
        messages.titles.map((title) => title.toLowerCase()),
        messages.rows,
        [0, 1],
      ),
    );

  const brokers = brokerTable(result);
  if (brokers) block(table([...brokers.titles], [...brokers.rows], [0]));

  const costs = costsIn(result);
  // The bill of always-on machines says nothing new; it is in the report.
  if (costs && Object.keys(costs.breakEven).length > 0) {
    block(
      table(
        costColumns.slice(0, -1).map((column) => column.replace(/#$/, '').toLowerCase()),
        costRows(costs, (id) => id).map((row) => row.slice(0, -1)),
        [0, 1],
      ),
    );
    terminal.line(`  ${costTotal(costs)}`);
    for (const [id, each] of Object.entries(costs.breakEven)) terminal.line(`  ${breakEvenWords(id, each)}`);
  }

  terminal.line();
  const { holds, equation } = result.conservation;
  terminal.line(`  ${equation}  ${holds ? terminal.style('green', 'holds') : terminal.style('red', 'DOES NOT HOLD')}`);
  for (const line of trafficLines(result)) terminal.line(`  ${line}`);
  for (const line of changeLines(result)) terminal.line(`  ${line}`);
  if (result.overhead) terminal.line(terminal.style('dim', `  own cost: ${overheadLine(result.overhead)}`));
  for (const warning of result.warnings) terminal.line(`  ${terminal.style('yellow', 'note')} ${warning}`);
  if (result.record !== null) terminal.line(terminal.style('dim', `  kept as ${result.record}; see \`archipel runs\``));
  const { host } = result;
  const versions = [
    `Archipel ${host.versions.archipel}`,
    `Node ${host.versions.node}`,
    ...(host.versions.postgres ? [`PostgreSQL ${host.versions.postgres}`] : []),
  ];
  terminal.line(
    terminal.style(
      'dim',
      `  ${seconds(result.durationMs)}, seed ${result.seed}; ${host.cores} cores (${host.cpuModel}), ${mebibytes(host.memoryBytes)}, ${versions.join(', ')}`,
    ),
  );
}
