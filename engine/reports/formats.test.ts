import { DOMParser, type Element, onWarningStopParsing } from '@xmldom/xmldom';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { renderReport } from './formats.ts';
import { experimentReport, HOSTILE, runReport } from './report.fixture.ts';
import { reportFormats } from './report-format.ts';

/** Throws at the first thing that is no XML. */
const xml = (text: string): Element =>
  new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, 'text/xml').documentElement as Element;

const textOf = async (...[report, format]: Parameters<typeof renderReport>): Promise<string> =>
  String((await renderReport(report, format)).content);

const elements = (root: Element, tag: string): Element[] => [...root.getElementsByTagName(tag)];

test.each(reportFormats)('%s of any run has a name, and something in it', async (format) => {
  for (const report of [runReport(), experimentReport(HOSTILE)]) {
    const { fileName, content } = await renderReport(report, format);
    expect(fileName).toMatch(/^archipel-2026-01-01T12-00-00-abcdef\.[a-z]+$/);
    expect(content.length).toBeGreaterThan(400);
  }
});

test('a name that is no file name does not get into one', async () => {
  const report = runReport();
  const { fileName } = await renderReport({ ...report, result: { ...report.result, record: '../../evil $(x)' } }, 'md');
  expect(fileName).toBe('archipel-------evil---x-.md');
});

test('JSON holds all that the report was made of', async () => {
  const report = experimentReport(HOSTILE);
  expect(JSON.parse(await textOf(report, 'json'))).toEqual({
    archipelReport: 1,
    ...JSON.parse(JSON.stringify(report)),
  });
});

test('CSV reads back as the figures of the run, one row each', async () => {
  const report = runReport();
  const rows: Record<string, string>[] = parse(await textOf(report, 'csv'), { columns: true });
  const of = (table: string, subject: string, measure: string): string[] =>
    rows
      .filter((row) => row.table === table && row.subject === subject && row.measure === measure)
      .map(({ value }) => value as string);
  expect(of('series', 'traffic', 'ok').map(Number)).toEqual(report.series.map(({ traffic }) => traffic?.okPerSec));
  expect(of('series', 'traffic', 'p99').filter((value) => value === '')).toHaveLength(3);
  expect(of('series', 'node orders', 'cpu')).toHaveLength(10);
  expect(of('route', 'GET /Orders', 'issued')).toEqual(['1000']);
  expect(of('route', 'GET /Orders', 'failed: refused')).toEqual(['100']);
  expect(rows[0]).toMatchObject({ since_start_ms: '1000', unit: 'per second' });
});

test('CSV keeps any name in its cell, and no cell is a formula', async () => {
  const report = runReport(HOSTILE);
  const routes = { '=cmd|x': report.result.routes[`GET /${HOSTILE}`] as never, 'a,"b"\r\nc': report.result.traffic };
  const rows: string[][] = parse(await textOf({ ...report, result: { ...report.result, routes } }, 'csv'));
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([7]));
  const subjects = new Set(rows.map((row) => row[3]));
  expect(subjects).toContain("'=cmd|x");
  expect(subjects).toContain('a,"b"\r\nc');
  expect(rows.flat().filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
});

test('JUnit has a case for each probe, proof, the verdict and conservation, and counts them right', async () => {
  const root = xml(await textOf(experimentReport(), 'junit'));
  const cases = elements(root, 'testcase');
  const outcome = (one: Element): string =>
    ['failure', 'error', 'skipped'].find((tag) => elements(one, tag).length > 0) ?? 'passed';
  expect(cases.map((one) => [one.getAttribute('name'), outcome(one)])).toEqual([
    ['Steady state before: Orders', 'passed'],
    ['During the method: orders answer (kill on orders#0)', 'failure'],
    ['Steady state after: orders answer', 'error'],
    ['While it recovered: orders answer', 'passed'],
    ['Steady state before: complains Orders', 'passed'],
    ['During the method: complains Orders (kill on orders#0)', 'passed'],
    ['Proof of the effect of kill on orders#0', 'passed'],
    ['Proof of the removal of kill on orders#0', 'error'],
    ['Kill Orders', 'failure'],
    ['Every request is accounted for', 'passed'],
  ]);
  const [suite] = elements(root, 'testsuite');
  for (const counted of [root, suite as Element])
    expect(['tests', 'failures', 'errors'].map((name) => counted.getAttribute(name))).toEqual(['10', '2', '2']);
});

test.each(['inconclusive', 'aborted'] as const)(
  'an experiment that is %s is an error in JUnit, so no build passes',
  async (verdict) => {
    const root = xml(await textOf(experimentReport('Orders', verdict), 'junit'));
    const found = elements(root, 'testcase').find((one) => one.getAttribute('classname')?.endsWith('.verdict'));
    expect(elements(found as Element, 'error')[0]?.getAttribute('message')).toBe(`${verdict}: because of Orders`);
  },
);

test.each(['junit', 'svg'] as const)(
  '%s of a hostile document is sound XML, and says its names as they are',
  async (format) => {
    const root = xml(await textOf(experimentReport(HOSTILE), format));
    const shown = HOSTILE.replace('\u0007', '□').replace('\u202e', '□');
    expect(elements(root, 'script')).toEqual([]);
    const said = [root.textContent, ...elements(root, 'testcase').map((one) => one.getAttribute('name'))].join('\n');
    expect(said).toContain(shown);
  },
);

test('the picture holds each node and edge with its figures', async () => {
  const root = xml(await textOf(experimentReport(), 'svg'));
  const texts = elements(root, 'text').map(({ textContent }) => textContent);
  for (const told of ['1,000 calls', '100 failed', 'limited by queue', 'Kill', '× 2', '40 %', '90'])
    expect(texts).toContain(told);
  const [width, height] = ['width', 'height'].map((name) => Number(root.getAttribute(name)));
  for (const box of elements(root, 'rect')) {
    const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((name) => Number(box.getAttribute(name) ?? 0)) as number[];
    expect((x as number) + (w as number)).toBeLessThanOrEqual(width as number);
    expect((y as number) + (h as number)).toBeLessThanOrEqual(height as number);
  }
});

test('PNG is twice the size of the picture, for sharp letters', async () => {
  const svg = xml(await textOf(runReport(), 'svg'));
  const png = Buffer.from((await renderReport(runReport(), 'png')).content as Uint8Array);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(
    ['width', 'height'].map((name) => 2 * Number(svg.getAttribute(name))),
  );
});

test('Markdown of a hostile document stays in its lines, cells and words', async () => {
  const lines = (await textOf(experimentReport(HOSTILE), 'md')).split('\n');
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
  const rows = lines.filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(8);
  for (const [index, line] of lines.entries())
    if (line.startsWith('|') && lines[index - 1]?.startsWith('|'))
      expect(cells(line)).toBe(cells(lines[index - 1] as string));
  const prose = lines
    .filter((line) => !line.startsWith('npx '))
    .join('\n')
    .replace(/(`+)[^\n]*?\1/g, '');
  expect(prose).not.toMatch(/<script|<\/script|\$\(|\[[^\]]*\]\(/);
});
