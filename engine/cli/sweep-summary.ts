import type { SweepResult } from '../api/types.ts';
import { sweepTables } from '../reports/sweeps/tables.ts';
import { seconds } from './figures.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

/** The result of a sweep for people: what was measured, then what follows from it. */
export function printSweep(terminal: Terminal, result: SweepResult): void {
  for (const { columns, rows } of sweepTables(result)) {
    const left = columns.flatMap((column, index) => (column.endsWith('#') ? [] : [index]));
    const names = columns.map((column) => column.replace(/#$/, ''));
    const [head = '', ...lines] = table(names, rows, left);
    terminal.line();
    terminal.line(`  ${terminal.style('dim', head)}`);
    for (const line of lines) terminal.line(`  ${line}`);
  }
  terminal.line();
  if (result.title) terminal.line(`  ${result.title}`);
  if ('rule' in result) terminal.line(terminal.style('dim', `  ${result.rule}.`));
  terminal.line(
    `  ${terminal.style(['bold', colours[result.state]], result.state.toUpperCase())} ${result.conclusion}`,
  );
  for (const warning of result.warnings) terminal.line(`  ${terminal.style('yellow', 'note')} ${warning}`);
  const { host } = result;
  terminal.line(
    terminal.style(
      'dim',
      `  ${seconds(result.durationMs)}, seed ${result.seed}; ${host.cores} cores (${host.cpuModel}), Archipel ${host.versions.archipel}, Node ${host.versions.node}`,
    ),
  );
}

const colours = { running: 'yellow', done: 'green', inconclusive: 'yellow', stopped: 'yellow' } as const;
