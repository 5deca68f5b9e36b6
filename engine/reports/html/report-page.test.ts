import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ExperimentResult } from '../../api/types.ts';
import { experimentReport, HOSTILE, runReport, sample } from '../report.fixture.ts';
import { reportPage } from './report-page.ts';

const idsOf = (text: string): string[] => [...text.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id as string);

test('an experiment is told from the verdict down to how to repeat it', () => {
  const { text } = reportPage(experimentReport());
  expect(idsOf(text)).toEqual([
    'topology',
    'course',
    'impact',
    'probes',
    'faults',
    'method',
    'routes',
    'nodes',
    'changes',
    'ground',
    'log',
    'journal',
    'environment',
    'again',
  ]);
  expect(text).toMatch(/<div class="verdict verdict-failed" role="status"><b>failed<\/b>/);
  for (const told of [
    'does not hold',
    'inconclusive',
    '−49.00 points',
    'process 5 is gone',
    '1 look',
    'Error budget spent',
    'by the probe &quot;Orders&quot;',
    'stop condition “Orders”',
    'not measured',
    '200 ms in every 1000 ms; put on 3 times',
    'did not come back in time',
    'issued 1000 = ok 900 + refused 100 + in flight 0',
    'npx archipel experiment orders.archipel.json --name Orders --seed 7',
    '<th scope="row">4.5 s</th><td>Orders #1</td><td><code>out of stock Orders</code></td>',
    'the first 20 of each phase',
  ])
    expect(text).toContain(told);
});

test('a run has no verdict, and what it has no figures of is left out', () => {
  const { text } = reportPage({ ...runReport(), series: [], events: [], log: [], sha256: null });
  expect(idsOf(text)).toEqual(['topology', 'course', 'routes', 'nodes', 'changes', 'ground', 'environment', 'again']);
  expect(text).toContain('no record was kept of this run');
  expect(text).toContain('npx archipel run orders.archipel.json --scenario Orders --duration 10000ms --seed 7');
});

test('faults of a plain run are told as its samples saw them last, in words, on the timeline and in the picture', () => {
  const { faults } = experimentReport().result as ExperimentResult;
  const [fault] = faults as [ExperimentResult['faults'][number]];
  const report = runReport();
  const series = report.series.map((one, index) =>
    index < 4 ? one : { ...one, faults: [index < 7 ? { ...fault, endedAtMs: null, proofOfEffect: null } : fault] },
  );
  const { text } = reportPage({ ...report, series });
  expect(idsOf(text)).toContain('faults');
  expect(text).toContain('process 5 is gone');
  expect(text).toContain('Kill · orders#0');
  expect(text).not.toContain('did not come back in time');
});

test('links within the page lead somewhere, and no other address stands in it', () => {
  const { text } = reportPage(experimentReport());
  const links = [...text.matchAll(/href="([^"]*)"/g)].map(([, link]) => link as string);
  expect([...new Set(links.map((link) => link.slice(1)))].sort()).toEqual(idsOf(text).sort());
  expect(text).not.toMatch(/\b(src|srcset|action|data|poster)=|url\(|@import|https?:/i);
});

test('nothing that a document says becomes markup, script or style', () => {
  const { text } = reportPage(experimentReport(HOSTILE));
  for (const bad of ['<script', '</script', '\u0007', '\u202e']) expect(text).not.toContain(bad);
  // Each tag is one of ours, with attributes of ours alone.
  const attributes = new Set([...text.matchAll(/\s([a-z:-]+)="/gi)].map(([, name]) => name));
  expect([...attributes].filter((name) => /^on|^style$|^href$/.test(name as string))).toEqual(['href']);
  expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('its policy allows the one style that it has, and nothing else', () => {
  const { text } = reportPage(runReport());
  const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style as string);
  const hash = createHash('sha256')
    .update(styles[0] as string)
    .digest('base64');
  expect(styles).toHaveLength(1);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
  expect(policy?.replaceAll('&#39;', "'")).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
});

test('an hour of samples makes a report of a few hundred kilobytes that keeps each peak', () => {
  const report = runReport();
  const series = Array.from({ length: 3600 }, (_, second) => sample(second + 10));
  const peak = series[1777]?.traffic;
  if (peak) peak.latencyMs = { ...peak.latencyMs, p99: 98_765 };
  const { text } = reportPage({ ...report, series, result: { ...report.result, durationMs: 3_600_000 } });
  expect(text.length).toBeLessThan(400_000);
  expect(text).toContain('p99 98.8 s');
});

test('every table has a caption and heads of columns and rows', () => {
  const { text } = reportPage(experimentReport());
  const tables = [...text.matchAll(/<table[\s\S]*?<\/table>/g)].map(([table]) => table);
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    expect(table).toMatch(/<caption>[^<]/);
    const columns = (table.match(/scope="col"/g) ?? []).length;
    const rows = [...table.matchAll(/<tr>(<th scope="row">[\s\S]*?)<\/tr>/g)].map(([, row]) => row as string);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row.match(/<t[dh][ >]/g)).toHaveLength(columns);
  }
});
