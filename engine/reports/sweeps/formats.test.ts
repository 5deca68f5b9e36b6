import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import { describe, expect, it, test } from 'vitest';
import { documentOf, edge, node } from '../../api/fixtures.ts';
import type { Measurement, ProbeResult, SweepFindings, SweepResult } from '../../api/types.ts';
import { renderSweepReport, sweepReportFormats } from './formats.ts';
import type { SweepReport } from './sweep-report.ts';

const measurement = (changes: Partial<Measurement> = {}): Measurement => ({
  window: { fromMs: 1000, toMs: 4000 },
  ...{ arrivals: 120, ok: 114, failed: 6, dropped: 0, arrivalsPerSec: 40, okPerSec: 38, answeredPerSec: 38 },
  ...{ backlogGrowth: 0, successRatio: 0.95, latencyMs: { p50: 41, p95: 80, p99: 120 }, latenessP99Ms: 1 },
  ...{ cpuMsPerRequest: 0.5, rssBytes: 1e8, limits: {}, attemptsPerRequest: null, problems: [], record: null },
  ...changes,
});

const probe = (changes: Partial<ProbeResult> = {}): ProbeResult => ({
  ...{ name: 'served', measure: 'success-ratio', phase: 'before' as const, fault: null, value: 1, observed: '1' },
  ...{ window: { fromMs: 0, toMs: 1000 }, unit: 'ratio' as const, samples: 100, tolerance: { min: 0.9 } },
  ...{ wanted: 'at least 0.9', margin: 0.1, holds: true, inconclusive: null },
  evidence: { window: { fromMs: 0, toMs: 1000 }, record: null, counters: {}, looks: [] },
  ...changes,
});

const within = { side: 'within' as const, sure: true, reasons: [] };
const beyond = { side: 'beyond' as const, sure: true, reasons: ['61 % of 238 arrivals were answered well'] };
const figure = {
  name: 'p50',
  unit: 'ms' as const,
  values: [40, 42],
  mean: 41,
  standardDeviation: 1.4,
  low: 28,
  high: 54,
};

const found: Record<SweepFindings['type'], SweepFindings> = {
  knee: {
    type: 'knee',
    steps: [
      { ...measurement(), ...within, ratePerSec: 40 },
      {
        ...measurement({ okPerSec: 50, limits: { shop: { limit: 'slots', detail: 'busy', edge: null } } }),
        ...beyond,
        ratePerSec: 80,
      },
    ],
    knee: { value: 51.2, low: 40, high: 57.6 },
    peakPerSec: 50,
    boundBy: ['shop, its slots are busy'],
    rule: 'A rate is beyond the knee when less than 95 % is answered well',
  },
  replicas: {
    type: 'replicas',
    node: 'shop',
    points: [1, 2, 4].map((replicas) => ({
      ...measurement({ answeredPerSec: 50 * replicas }),
      ...{ replicas, repetition: 0, users: 4 * replicas },
    })),
    fit: {
      lambda: { value: 50, low: 49, high: 51 },
      sigma: { value: 0.01, low: 0, high: 0.02 },
      kappa: { value: 0, low: 0, high: 0.001 },
      ...{ peak: null, worstFit: 0.01 },
    },
  },
  'retries-timeout': {
    type: 'retries-timeout',
    edge: 'callers-shop',
    ratePerSec: 40,
    cells: [
      { ...measurement({ attemptsPerRequest: 1.4 }), timeoutMs: 100, attempts: 1 },
      { ...measurement({ problems: ['The client did not keep up.'] }), timeoutMs: 100, attempts: 2 },
    ],
    ...{ best: 0, asGood: [] },
  },
  hysteresis: {
    type: 'hysteresis',
    steps: [
      { ...measurement(), ...within, ratePerSec: 40, way: 'up' },
      { ...measurement(), ...beyond, ratePerSec: 80, way: 'up' },
      { ...measurement({ successRatio: 0.2 }), ...beyond, ratePerSec: 40, way: 'down' },
    ],
    rates: [{ ratePerSec: 40, successChange: { value: -0.75, low: -0.8, high: -0.7 }, differs: true }],
    metastable: true,
    rule: 'A rate differs when it was within on the way up and beyond on the way down',
  },
  repeat: {
    type: 'repeat',
    of: 'experiment',
    repetitions: [
      {
        ...{ seed: 7, verdict: 'passed' as const, reasons: ['All 2 probes hold.'], record: 'run-1', durationMs: 5000 },
        probes: [probe(), probe({ phase: 'during', fault: 'kill-1' })],
      },
      {
        ...{
          seed: 8,
          verdict: 'failed' as const,
          reasons: ['during: "served" <b>'],
          record: 'run-2',
          durationMs: 5000,
        },
        probes: [
          probe(),
          probe({ phase: 'during', fault: 'kill-1', value: 0.2, observed: '0.2', holds: false, margin: -0.7 }),
        ],
      },
    ],
    passed: { count: 1, of: 2, low: 0.1, high: 0.9 },
    verdict: 'failed',
    figures: [{ ...figure, name: 'during: served', unit: 'ratio', values: [1, 0.2], mean: 0.6, low: 0, high: 1 }],
    effects: [
      {
        ...{ name: 'served', unit: 'ratio' as const, to: 'during' as const },
        change: { value: -0.4, low: -0.9, high: 0.1 },
        effect: { delta: -0.5, magnitude: 'large' },
      },
    ],
  },
  batch: {
    type: 'batch',
    planned: 3,
    experiments: [
      {
        ...{ document: 'Shop', name: 'kill', title: 'A process is killed', seed: 7, verdict: 'passed' as const },
        ...{ reasons: ['All 2 probes hold.'], record: 'run-1', durationMs: 5000, recoveryMs: 120 },
        probes: [probe(), probe({ phase: 'during', fault: 'kill-1' })],
      },
      {
        ...{ document: 'Other', name: 'slow', title: 'A slow edge', seed: 8, verdict: 'failed' as const },
        ...{ reasons: ['during: "served" <b>'], record: 'run-2', durationMs: 5000, recoveryMs: null },
        probes: [probe({ phase: 'during', value: 0.2, observed: '0.2', holds: false, margin: -0.7 })],
      },
    ],
    verdict: 'failed',
  },
  ab: {
    type: 'ab',
    a: { document: 'Old', processes: 1, hops: 1, settings: 5, budget: { slots: 2, memoryMb: null } },
    b: { document: 'New', processes: 1, hops: 1, settings: 5, budget: { slots: 2, memoryMb: null } },
    workload: { arrivals: 100, durationMs: 5000, clients: ['callers'] },
    primary: 'p50',
    expected: [{ figure: 'p50', better: 'b', outcome: 'shown', sentence: 'p50: B better by 20 % [10, 30]' }],
    verdict: 'passed',
    runs: [
      { ...measurement(), side: 'a', block: 0 },
      { ...measurement(), side: 'b', block: 0 },
    ],
    figures: [
      {
        ...{ name: 'p50' as const, unit: 'ms' as const, better: 'lower' as const, a: figure, b: figure },
        change: { value: -0.2, low: -0.3, high: -0.1, isRelative: true },
        effect: { delta: -1, magnitude: 'large' },
        ...{ verdict: 'b-better' as const, sentence: 'B better by 20 % [10, 30]' },
      },
    ],
  },
};

const reportOf = (type: SweepFindings['type'], state: SweepResult['state'] = 'done'): SweepReport => ({
  documents: [
    documentOf({ nodes: [node('callers', 'client'), node('shop', 'service')], edges: [edge('callers', 'shop')] }),
  ],
  result: {
    ...{
      name: 'sweep',
      title: 'How much <script>alert(1)</script> it takes',
      document: 'test',
      scenario: 'calm',
      seed: 7,
    },
    ...{ startedAtMs: 0, durationMs: 20_000, state, conclusion: 'What came out.', warnings: ['What to know.'] },
    host: {
      ...{ cores: 2, memoryBytes: 1, platform: 'linux', cpuModel: 'a processor' },
      versions: { archipel: '0', node: '24', postgres: null },
    },
    ...found[type],
  } as SweepResult,
});

const types = Object.keys(found) as SweepFindings['type'][];

describe.each(types)('a report of %s', (type) => {
  it('is one page without a script, with its conclusion, tables and pictures', () => {
    const html = renderSweepReport(reportOf(type), 'html');
    for (const told of ['What came out.', 'What to know.', '<table', 'Run it again']) expect(html).toContain(told);
    expect(html).not.toMatch(/<script|undefined|NaN/);
    // Different experiments have nothing in common to be drawn.
    if (type !== 'batch') expect(html).toMatch(/<svg[^>]+role="img"/);
    new DOMParser({ onError: onWarningStopParsing }).parseFromString(
      `<svgs>${(html.match(/<svg[\s\S]*?<\/svg>/g) ?? []).join('')}</svgs>`,
      'text/xml',
    );
  });

  it('is Markdown, JSON and a table of figures', () => {
    const markdown = renderSweepReport(reportOf(type), 'md');
    expect(markdown).toMatch(/^# .*\n[\s\S]*\*\*(DONE|PASSED|FAILED)\*\* What came out\.[\s\S]*```sh\nnpx archipel /);
    expect(markdown).not.toMatch(/<script|undefined|NaN/);
    expect(JSON.parse(renderSweepReport(reportOf(type), 'json'))).toMatchObject({
      result: { type },
      archipelSweepReport: 1,
    });
    const [head, ...rows] = renderSweepReport(reportOf(type), 'csv').trimEnd().split('\r\n');
    expect(head).toBe('table,step,subject,measure,unit,value,low,high');
    expect(rows.length).toBeGreaterThan(3);
  });

  it('is JUnit, and never passes what was not shown', () => {
    const suiteOf = (state: SweepResult['state']) => {
      const text = renderSweepReport(reportOf(type, state), 'junit');
      const xml = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, 'text/xml');
      return xml.getElementsByTagName('testsuite')[0];
    };
    const suite = suiteOf('done');
    expect(Number(suite?.getAttribute('tests'))).toBe(suite?.getElementsByTagName('testcase').length);
    for (const state of ['inconclusive', 'stopped'] as const) {
      const [failures, errors] = ['failures', 'errors'].map((name) => Number(suiteOf(state)?.getAttribute(name)));
      expect(Number(failures) + Number(errors)).toBeGreaterThan(0);
    }
  });
});

test('JUnit of repetitions has a case for each probe of each of them', () => {
  const text = renderSweepReport(reportOf('repeat'), 'junit');
  const names = [...text.matchAll(/<testcase [^>]*name="([^"]+)"/g)].map(([, name]) => name);
  expect(names.filter((name) => /^Repetition \d: .*served/.test(name ?? ''))).toHaveLength(4);
  expect(text).toContain('failures="3" errors="0"');
  expect(text).toMatch(/<failure message="measured 0\.2, wanted at least 0\.9, 100 samples">/);
});

test('a page of repetitions shows means with their intervals, effects, and every probe', () => {
  const html = renderSweepReport(reportOf('repeat'), 'html');
  for (const told of [
    '0.6000 [0.0000, 1.0000]',
    '-0.50 large',
    '-40.0 points [-90.0 points, 10.0 points]',
    'does not hold',
  ])
    expect(html).toContain(told);
});

test('every format that is offered is one that runs have, too', () => {
  expect(sweepReportFormats).toEqual(['html', 'md', 'json', 'csv', 'junit']);
});
