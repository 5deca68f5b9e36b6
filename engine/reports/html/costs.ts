import { breakEvenWords, costColumns, costRows, costsIn, costTotal, money, quantity } from '../costs.ts';
import { markup } from '../markup.ts';
import { nodeName, type Report } from '../report.ts';
import { xyPlot } from '../sweeps/xy-plot.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** What the run cost, item by item, and where an always-on machine would have been cheaper. */
export function costs(report: Report): Section | null {
  const found = costsIn(report.result);
  if (!found) return null;
  const nameOf = (id: string): string => nodeName(report, id);
  return section(
    'costs',
    'Costs',
    table(
      'What was billed; each quantity is a figure of the run',
      costColumns,
      costRows(found, nameOf).map((row) =>
        row.map((cell, index) => (index === 5 ? markup`<code>${cell}</code>` : cell)),
      ),
    ),
    markup`<p><b>${costTotal(found)}</b>. List prices of ${found.sheet.sources.map((source) => markup`<a href="${source}">${source}</a> `)}without free tiers, discounts, storage and data transfer.</p>`,
    ...Object.entries(found.breakEven).flatMap(([id, each]) => [
      markup`<p>${breakEvenWords(nameOf(id), each)}.</p>`,
      each.ratePerSec === null
        ? null
        : xyPlot({
            title: `${nameOf(id)} against an always-on replica, a month`,
            xTitle: 'requests per second, all month long',
            formatX: quantity,
            formatY: money,
            series: [
              {
                ...{ name: nameOf(id), tone: 'sent', isLine: true },
                points: each.curve.map(({ ratePerSec, functionPerMonth }) => ({ x: ratePerSec, y: functionPerMonth })),
              },
              {
                ...{ name: 'always on', tone: 'ok', isLine: true },
                points: each.curve.map(({ ratePerSec, alwaysOnPerMonth }) => ({ x: ratePerSec, y: alwaysOnPerMonth })),
              },
            ],
          }),
    ]),
  );
}
