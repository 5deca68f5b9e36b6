import type { Markup } from '../markup.ts';
import { type Report, titleOf } from '../report.ts';
import { changes } from './changes.ts';
import { costs } from './costs.ts';
import { brokers, messages, nodes, routes } from './figures-tables.ts';
import { ground } from './ground.ts';
import { heading } from './heading.ts';
import { impact, method } from './impact.ts';
import { journal } from './journal.ts';
import { log } from './log.ts';
import { again, environment } from './origin.ts';
import { page } from './page.ts';
import { course, topology } from './pictures.ts';
import { faults, probes } from './verdict.ts';

/** The order is that of questions: what came out, where, when, why, and whether to believe it. */
const sections = [
  topology,
  course,
  impact,
  probes,
  faults,
  method,
  routes,
  nodes,
  messages,
  brokers,
  costs,
  changes,
  ground,
  log,
  journal,
  environment,
  again,
];

export const reportPage = (report: Report): Markup =>
  page({
    title: `${titleOf(report)} · Archipel`,
    heading: heading(report),
    sections: sections.flatMap((section) => section(report) ?? []),
    footer: `Measured by Archipel ${report.result.host.versions.archipel} on real processes, sockets and requests${report.result.record === null ? '' : `; record ${report.result.record}`}.`,
  });
