import type { BatchFindings, ExperimentResult } from '../api/types.ts';
import { experimentPlan } from '../experiments/phases.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Finding, SweepWork } from './course.ts';
import { combinedVerdict } from './repeat.ts';

/** An experiment of a batch, with what it needs. */
export interface BatchEntry {
  document: ArchipelDocument;
  directory: string | null;
  experiment: Experiment;
  /** Of its arrivals and routes. */
  seed: number;
}

const NAME_LENGTH = 80;
const listed = (names: readonly string[]): string => [...new Set(names)].join(', ');
const short = (text: string): string => (text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH - 1)}…` : text);

/** Different experiments one after the other, of one document or of several, each on a topology of its own. */
export function batchWork(entries: readonly BatchEntry[]): SweepWork {
  const done: ExperimentResult[] = [];
  const plannedMs = entries.map(({ experiment }) => experimentPlan(experiment).totalMs);
  return {
    name: short(listed(entries.map(({ experiment }) => experiment.name))),
    title: '',
    document: listed(entries.map(({ document }) => document.name)),
    scenario: listed(entries.map(({ experiment }) => experiment.scenario)),
    seed: entries[0]?.seed ?? 0,
    expected() {
      const left = plannedMs.slice(done.length);
      return {
        steps: entries.length,
        stepMs: left.reduce((sum, ms) => sum + ms, 0) / Math.max(1, left.length),
      };
    },
    async run(course) {
      const { world, signal } = course;
      for (const { document, directory, experiment, seed } of entries) {
        const { name } = experiment;
        const result = await course.point(`${document.name}: ${name}`, async () => {
          const measured = await world.runExperiment({ document, name, seed, directory }, signal);
          // One that was stopped is no verdict: it is run again when the batch goes on.
          signal.throwIfAborted();
          return measured;
        });
        done.push(result);
      }
    },
    finding: () => concludeBatch(entries.length, done),
  };
}

/** `planned`: how many experiments there are in all. */
function concludeBatch(planned: number, done: readonly ExperimentResult[]): Finding<BatchFindings> {
  const verdict = done.length > 0 ? combinedVerdict(done.map((result) => result.verdict)) : null;
  const passed = done.filter((result) => result.verdict === 'passed').length;
  const others = done
    .filter((result) => result.verdict !== 'passed')
    .map(({ experiment, verdict: own }) => `${experiment.name} ${own}`);
  return {
    findings: {
      type: 'batch',
      planned,
      experiments: done.map(({ document, experiment, seed, ...result }) => ({
        ...{ document, name: experiment.name, title: experiment.title, seed },
        ...{ verdict: result.verdict, reasons: result.reasons, probes: result.probes },
        ...{ durationMs: result.durationMs, recoveryMs: result.recoveryMs, record: result.record },
      })),
      verdict,
    },
    warnings: [],
    isConclusive: done.length === planned && (verdict === 'passed' || verdict === 'failed'),
    conclusion:
      passed === planned
        ? `All ${planned} experiments passed.`
        : `${passed} of ${planned} experiments passed${others.length > 0 ? `: ${others.join(', ')}` : ''}.`,
  };
}
