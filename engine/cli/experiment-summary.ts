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
      ['phase', 'probe', 'measured', 'wanted', 'margin', 'samples', ''],
      probes.map((probe) => [
        probe.phase,
        probe.name,
        probe.value === null ? probe.observed : withUnit(probe, probe.value),
        wanted(probe),
        margin(probe),
        count(probe.samples),
        probe.holds ? terminal.style('green', 'holds') : terminal.style('red', 'does not hold'),
      ]),
      [0, 1, 6],
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

  printImpact(terminal, result.impact);
  terminal.line();
  terminal.line(`  ${experiment.title}`);
  if (experiment.statement) terminal.line(terminal.style('dim', `  ${experiment.statement}`));
  if (result.recoveryMs !== null)
    terminal.line(`  recovered ${seconds(result.recoveryMs)} after the last fault was gone`);
  terminal.line(`  ${terminal.style(['bold', colours[verdict]], verdict.toUpperCase())}`);
  for (const reason of result.reasons) terminal.line(`    ${reason}`);
}

/** What the faults did to those who used the system. */
function printImpact(terminal: Terminal, impact: ExperimentResult['impact']): void {
  if (!impact) return;
  const { availability, timeToDetectMs, timeToRecoverMs, errorBudget, blastRadius, requests, failed } = impact;
  const share = (part: number | null): string => (part === null ? 'unknown' : `${(part * 100).toFixed(1)} %`);
  const took = (ms: number | null): string => (ms === null ? 'never' : `after ${seconds(ms)}`);
  terminal.line();
  terminal.line(
    `  availability ${share(availability)} (${count(failed)} of ${count(requests)} failed); noticed ${took(timeToDetectMs)}, recovered ${took(timeToRecoverMs)}`,
  );
  if (errorBudget)
    terminal.line(
      `  error budget of ${share(1 - errorBudget.objective)}: ${errorBudget.spent.toFixed(1)} times what may fail in this time`,
    );
  const { routes, nodes } = blastRadius;
  terminal.line(
    `  blast radius: ${routes.affected.length} of ${routes.of.length} routes, ${nodes.affected.length} of ${nodes.of.length} nodes${nodes.affected.length > 0 ? ` (${nodes.affected.join(', ')})` : ''}`,
  );
}

const proofText = (proof: ExperimentResult['faults'][number]['proofOfEffect']): string =>
  proof ? `${proof.holds ? 'proven' : 'NOT proven'} (${proof.evidence})` : 'not measured';

function withUnit({ unit }: ProbeResult, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'ratio') return value.toFixed(4);
  if (unit === 'ms') return milliseconds(value);
  return unit === 'per second' ? `${value.toFixed(1)}/s` : `${Number(value.toFixed(2))}`;
}

/** How far it is within its tolerance, or beyond it. */
const margin = (probe: ProbeResult): string =>
  probe.margin === null ? '–' : `${probe.margin < 0 ? '−' : '+'}${withUnit(probe, Math.abs(probe.margin))}`;

function wanted(probe: ProbeResult): string {
  const { min, max } = probe.tolerance;
  if (min === undefined && max === undefined) return probe.wanted;
  if (min !== undefined && max !== undefined) return `${withUnit(probe, min)} to ${withUnit(probe, max)}`;
  return min !== undefined ? `≥ ${withUnit(probe, min)}` : `≤ ${withUnit(probe, max ?? null)}`;
}
