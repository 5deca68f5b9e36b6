import type { ComparedFigure, Comparison } from '../records/record.ts';
import { comparedSections, differenceWords, figureText } from '../reports/comparison-words.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Two runs side by side, for people. */
export function printComparison(terminal: Terminal, comparison: Comparison): void {
  for (const note of comparison.notes) terminal.line(`${terminal.style('yellow', 'note')} ${note}`);
  for (const { title, figures } of comparedSections(comparison)) printFigures(terminal, title, figures);
}

function printFigures(terminal: Terminal, title: string, figures: readonly ComparedFigure[]): void {
  const rows = figures.map((figure) => [
    figure.what,
    figureText(figure, figure.a),
    figureText(figure, figure.b),
    figureText(figure, figure.difference),
    figure.interval ? `[${figureText(figure, figure.interval.low)}, ${figureText(figure, figure.interval.high)}]` : '',
    figure.unit === 'count' || figure.unit === 'ratio' ? '' : figure.unit,
    differenceWords[figure.verdict],
  ]);
  terminal.line();
  const [head = '', ...lines] = table([title, 'A', 'B', 'B − A', '95 %', '', ''], rows, [0, 5, 6]);
  terminal.line(terminal.style('bold', head));
  for (const line of lines) terminal.line(line);
}
