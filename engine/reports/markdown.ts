import type { Proof } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import { brokerTable } from './brokers.ts';
import { breakEvenWords, costColumns, costRows, costsIn, costTotal } from './costs.ts';
import { count, limit, mebibytes, milliseconds, percent, seconds } from './figures.ts';
import { foundLines, writerOf } from './found-lines.ts';
import { courseWords } from './html/fault-words.ts';
import { impactLines } from './impact.ts';
import { code, markdownTable, plain } from './markdown-text.ts';
import { mermaid } from './mermaid.ts';
import { messageTable } from './messages.ts';
import { margin, outcomeOf, phaseTitles, seen, wanted } from './probe-words.ts';
import { experimentOf, faultsIn, nodeName, type Report, titleOf } from './report.ts';
import { documentFile, runAgain } from './run-again.ts';
import { faultTitle } from './topology/acted-on.ts';

/** For a comment on a change, a wiki, or a terminal. */
export function reportMarkdown(report: Report): string {
  const parts = [
    heading,
    topology,
    impact,
    probes,
    log,
    faults,
    routes,
    nodes,
    messages,
    brokers,
    costs,
    deploys,
    ground,
    again,
  ];
  return `${parts
    .map((part) => part(report))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n').trimEnd())
    .join('\n\n')}\n`;
}

function heading(report: Report): string[] {
  const { result, document } = report;
  const experiment = experimentOf(report);
  const { traffic, latencyMs } = result;
  return [
    `# ${plain(titleOf(report))}`,
    '',
    ...(experiment?.experiment.statement ? [plain(experiment.experiment.statement), ''] : []),
    ...(experiment
      ? [`**${experiment.verdict.toUpperCase()}**`, '', ...experiment.reasons.map((reason) => `- ${plain(reason)}`), '']
      : []),
    `${plain(document.name)}, scenario ${code(result.scenario)}: ${count(traffic.issued)} requests in ${seconds(result.durationMs)}, ${percent(traffic.ok, traffic.ok + traffic.failed)} succeeded, p50 ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}.`,
    '',
    ...result.warnings.map((warning) => `> Note: ${plain(warning)}`),
  ];
}

const topology = ({ document }: Report): string[] => (document.nodes.length === 0 ? [] : mermaid(document));

function impact(report: Report): string[] {
  const lines = impactLines(report);
  if (lines.length === 0) return [];
  return [
    '## Impact',
    '',
    ...markdownTable(
      ['Measured', 'Value#', 'How'],
      lines.map(({ title, value, detail }) => [title, value, plain(detail)]),
    ),
  ];
}

function probes(report: Report): string[] {
  const experiment = experimentOf(report);
  if (!experiment || experiment.probes.length === 0) return [];
  return [
    '## Probes',
    '',
    ...markdownTable(
      ['Phase', 'Probe', 'Measured#', 'Wanted#', 'Margin#', 'Samples#', 'Outcome'],
      experiment.probes.map((probe) => [
        phaseTitles[probe.phase],
        plain(probe.name),
        plain(seen(probe)),
        plain(wanted(probe)),
        margin(probe),
        count(probe.samples),
        probe.inconclusive === null ? outcomeOf(probe) : `inconclusive: ${plain(probe.inconclusive)}`,
      ]),
    ),
  ];
}

function faults(report: Report): string[] {
  const injected = faultsIn(report);
  if (injected.length === 0) return [];
  const experiment = experimentOf(report);
  const proof = (found: Proof | null): string =>
    found === null ? 'not measured' : `${found.holds ? 'proven' : '**not proven**'}: ${plain(found.evidence)}`;
  return [
    '## Faults',
    '',
    ...markdownTable(
      ['Fault', 'On', 'With', 'Effect', 'Removal'],
      injected.map((fault) => [
        plain(faultTitle(fault.fault)),
        plain(targetName(fault.target)),
        courseWords(fault).map(plain).join(', '),
        fault.error === null ? proof(fault.proofOfEffect) : plain(fault.error),
        proof(fault.proofOfRemoval),
      ]),
    ),
    ...(experiment
      ? [
          experiment.recoveryMs === null
            ? 'The steady state did not come back in time.'
            : `The steady state held again ${milliseconds(experiment.recoveryMs)} after the last fault was gone.`,
        ]
      : []),
  ];
}

function log(report: Report): string[] {
  return foundLines(report).flatMap(({ probe, lines, isCut }) => [
    `## Lines of logs that "${plain(probe)}" found`,
    '',
    ...markdownTable(
      ['At#', 'Node', 'Line'],
      lines.map((line) => [
        seconds(line.atMs - report.result.startedAtMs),
        plain(writerOf(report, line)),
        code(line.text),
      ]),
    ),
    ...(isCut ? ['These are the first 20 of each phase; more were counted.', ''] : []),
  ]);
}

function routes({ result }: Report): string[] {
  return [
    '## Routes',
    '',
    ...markdownTable(
      ['Route', 'Issued#', 'Succeeded#', 'Failed#', 'Dropped#', 'p50#', 'p95#', 'p99#', 'Longest#'],
      Object.entries(result.routes).map(([name, counts]) => {
        const latency = result.latencyMs.routes[name];
        return [
          code(name),
          count(counts.issued),
          percent(counts.ok, counts.ok + counts.failed),
          count(counts.failed),
          count(counts.dropped),
          ...[latency?.p50, latency?.p95, latency?.p99, latency?.max].map((value) => milliseconds(value ?? null)),
        ];
      }),
    ),
    ...markdownTable(
      ['Failed because', 'At', 'Requests#'],
      result.failures.map(({ reason, hop, count: amount }) => [reason, plain(hop), count(amount)]),
    ),
  ];
}

const nodes = (report: Report): string[] => [
  '## Nodes',
  '',
  ...markdownTable(
    ['Node', 'Replicas#', 'Requests#', 'Errors#', 'CPU#', 'Memory#', 'Limit'],
    Object.entries(report.result.nodes).map(([id, node]) => [
      plain(nodeName(report, id)),
      count(node.replicas),
      count(node.requests),
      count(node.errors),
      percent(node.cpu, 1),
      mebibytes(node.rssBytes),
      plain(limit(node.limit)),
    ]),
  ),
];

function costs(report: Report): string[] {
  const found = costsIn(report.result);
  if (!found) return [];
  const nameOf = (id: string): string => nodeName(report, id);
  return [
    '## Costs',
    '',
    ...markdownTable(
      costColumns,
      costRows(found, nameOf).map((row) => row.map(plain)),
    ),
    '',
    `${plain(costTotal(found))}.`,
    ...Object.entries(found.breakEven).flatMap(([id, each]) => ['', `${plain(breakEvenWords(nameOf(id), each))}.`]),
  ];
}

function messages({ result }: Report): string[] {
  const found = messageTable(result);
  if (!found) return [];
  const { titles, rows } = found;
  return [
    '## Messages',
    '',
    ...markdownTable(
      titles.map((title, index) => (index < 2 ? title : `${title}#`)),
      rows.map((row) => row.map((cell, index) => (index < 2 ? plain(cell) : cell))),
    ),
  ];
}

function brokers({ result }: Report): string[] {
  const found = brokerTable(result);
  if (!found) return [];
  const { titles, rows } = found;
  return [
    '## Brokers',
    '',
    ...markdownTable(
      titles.map((title, index) => (index === 0 ? title : `${plain(title)}#`)),
      [...rows],
    ),
  ];
}

function deploys({ result }: Report): string[] {
  if (result.deploys.length === 0) return [];
  return [
    '## Deploys',
    '',
    ...markdownTable(
      ['Node', 'Version', 'Strategy', 'State', 'Requests failed#', 'Routes affected#'],
      result.deploys.map(({ node, from, version, strategy, state, impact }) => [
        plain(node),
        plain(`${from} → ${version}`),
        strategy,
        state,
        impact ? `${count(impact.failed)} of ${count(impact.requests)}` : '–',
        impact ? `${impact.affectedRoutes.length} of ${impact.routes}` : '–',
      ]),
    ),
  ];
}

function ground({ result, sha256 }: Report): string[] {
  const { host, conservation } = result;
  return [
    '## What the figures rest on',
    '',
    `- Conservation ${conservation.holds ? 'holds' : '**does not hold**'}: ${code(conservation.equation)}`,
    `- ${plain(host.cpuModel)}, ${host.cores} cores, ${mebibytes(host.memoryBytes)}, ${plain(host.platform)}; Archipel ${host.versions.archipel}, Node ${host.versions.node}${host.versions.postgres ? `, PostgreSQL ${host.versions.postgres}` : ''}`,
    `- Started ${new Date(result.startedAtMs).toISOString()}, seed ${result.seed}`,
    ...(sha256 === null ? [] : [`- Document SHA-256 ${code(sha256)}`]),
    ...(result.record === null ? [] : [`- Record ${code(result.record)}`]),
  ];
}

const again = (report: Report): string[] => [
  '## Run it again',
  '',
  `With the document as ${code(documentFile(report.document.name))}:`,
  '',
  '```sh',
  runAgain(report),
  '```',
];
