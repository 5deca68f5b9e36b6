import type { StepResult } from '../../api/types.ts';
import { milliseconds, seconds } from '../figures.ts';
import { impactLines } from '../impact.ts';
import { markup } from '../markup.ts';
import { experimentOf, type Report } from '../report.ts';
import type { Section } from './page.ts';
import { section, table } from './table.ts';

/** What users got from it. */
export const impact = (report: Report): Section =>
  section(
    'impact',
    'Impact',
    table(
      'From the first effect of a fault or change until the system had recovered',
      ['Measured', 'Value#', 'How it is known'],
      impactLines(report).map(({ title, value, detail }) => [title, markup`<b>${value}</b>`, detail]),
    ),
  );

/** What was really done, step by step, and what was undone after it. */
export function method(report: Report): Section | null {
  const experiment = experimentOf(report);
  if (!experiment) return null;
  const { startedAtMs } = report.result;
  const row = ({ place, type, name, id, startedAtMs: fromMs, begunAtMs, endedAtMs, error }: StepResult) => [
    markup`<code>${place}</code>`,
    markup`${type}${name !== null && ` “${name}”`}${id !== null && markup` <small>${id}</small>`}`,
    seconds(fromMs - startedAtMs),
    begunAtMs === null ? '–' : milliseconds(begunAtMs - fromMs),
    endedAtMs === null ? '–' : milliseconds(endedAtMs - fromMs),
    error === null
      ? markup`<span class="badge good">done</span>`
      : markup`<span class="badge bad">failed</span> ${error}`,
  ];
  const columns = ['Place', 'Step', 'Started#', 'Effect after#', 'Took#', 'Outcome'];
  return section(
    'method',
    'Method as it was run',
    experiment.stoppedBy !== null &&
      markup`<p><span class="badge warn">stopped</span> by the stop condition “${experiment.stoppedBy}”.</p>`,
    table('Steps of the method', columns, experiment.steps.map(row)),
    table('Rollbacks', columns, experiment.rollbacks.map(row)),
  );
}
