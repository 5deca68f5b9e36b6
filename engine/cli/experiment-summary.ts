import type { ExperimentResult, ProbeResult, Verdict } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import { count, milliseconds, seconds } from './figures.ts';
import { printRun } from './run-summary.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

const colours: Record<Verdict, 'green' | 'red' | 'yellow'> = {
  passed: 'green',
  failed: 'red',
  inconclusive: 'yellow',
  aborted: 'yellow',
};

/** The result of an experiment for people: probes, faults with their proofs, the run beneath, and the verdict last. */
export function printExperiment(terminal: Terminal, result: ExperimentResult): void {
  const { experiment, verdict, probes, faults } = result;
  printRun(terminal, result);

  if (probes.length > 0) {
    terminal.line();
    const [head = '', ...rows] = table(
      ['phase', 'probe', 'measured', 'wanted', 'samples', ''],
      probes.map((probe) => [
        probe.phase,
        probe.name,
        probe.value === null ? probe.observed : withUnit(probe, probe.value),
        wanted(probe),
        count(probe.samples),
        probe.holds ? terminal.style('green', 'holds') : terminal.style('red', 'does not hold'),
      ]),
      [0, 1, 5],
    );
    terminal.line(`  ${terminal.style('dim', head)}`);
    for (const row of rows) terminal.line(`  ${row}`);
  }

  if (faults.length > 0) terminal.line();
  for (const { fault, target, proofOfEffect, proofOfRemoval } of faults) {
    terminal.line(
      `  ${fault} on ${targetName(target)}: effect ${proofText(proofOfEffect)}; removal ${proofText(proofOfRemoval)}`,
    );
  }

  terminal.line();
  terminal.line(`  ${experiment.title}`);
  if (experiment.statement) terminal.line(terminal.style('dim', `  ${experiment.statement}`));
  if (result.recoveryMs !== null)
    terminal.line(`  recovered ${seconds(result.recoveryMs)} after the last fault was gone`);
  terminal.line(`  ${terminal.style(['bold', colours[verdict]], verdict.toUpperCase())}`);
  for (const reason of result.reasons) terminal.line(`    ${reason}`);
}

const proofText = (proof: ExperimentResult['faults'][number]['proofOfEffect']): string =>
  proof ? `${proof.holds ? 'proven' : 'NOT proven'} (${proof.evidence})` : 'not measured';

function withUnit({ unit }: ProbeResult, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ratio') return value.toFixed(4);
  if (unit === 'ms') return milliseconds(value);
  return unit === 'per second' ? `${value.toFixed(1)}/s` : `${Number(value.toFixed(2))}`;
}

function wanted(probe: ProbeResult): string {
  const { min, max } = probe.tolerance;
  if (min === undefined && max === undefined) return probe.wanted;
  if (min !== undefined && max !== undefined) return `${withUnit(probe, min)} to ${withUnit(probe, max)}`;
  return min !== undefined ? `≥ ${withUnit(probe, min)}` : `≤ ${withUnit(probe, max ?? null)}`;
}
