import type { ExperimentResult, ExperimentStatus } from '../api/types.ts';
import { createRecording } from '../metrics/recording.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import { conclude } from './conclude.ts';
import type { Course } from './course.ts';
import { createJournal } from './journal.ts';
import { lastRemovalAtMs, removeFault, runMethod } from './method.ts';
import { observeRecovery, observeSteadyState } from './observe.ts';
import { type Phase, remainingMs } from './phases.ts';
import type { ExperimentWorld } from './world.ts';

export interface RunExperiment {
  document: ArchipelDocument;
  experiment: Experiment;
  /** Instead of the scenario's. */
  seed?: number;
  world: ExperimentWorld;
  /** Stops the experiment: everything is undone and its verdict is `aborted`. An `ArchipelError` as reason says why. */
  signal: AbortSignal;
  onStatus?(status: ExperimentStatus): void;
}

function scenarioOf({ scenarios }: ArchipelDocument, { name, scenario: wanted }: Experiment): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === wanted);
  if (scenario) return scenario;
  throw new ArchipelError(
    'not-found',
    `The experiment "${name}" asks for the scenario "${wanted}", which the document does not have.`,
    'Choose one of the scenarios of the document.',
  );
}

function longestRequestMs({ edges }: ArchipelDocument, { traffic }: Scenario): number {
  const timeouts = edges
    .filter(({ source }) => traffic.some(({ client }) => client === source))
    .map(({ config }) => config.timeoutMs);
  return 2 * Math.max(0, ...timeouts);
}

/** Undoes everything that acts on the system, in order. One failure does not keep the rest from being undone. */
async function undo(course: Course): Promise<string[]> {
  const { world, journal, timeline } = course;
  const problems: string[] = [];
  const attempt = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      const problem = `Could not ${what}: ${toArchipelError(error).message}`;
      problems.push(problem);
      journal.write(problem);
    }
  };
  for (const run of timeline.faults.filter(({ removalBeganAtMs }) => removalBeganAtMs === null)) {
    await attempt('take a fault off', () => removeFault(course, run));
  }
  await attempt('take all faults off', () => world.clearAllFaults());
  await attempt('stop the traffic', () => world.stopTraffic());
  await attempt('stop the topology', () => world.stopTopology());
  return problems;
}

/**
 * Runs an experiment from the start of the topology to its verdict. Whatever happens, no fault stays on: what goes
 * wrong on the way is a verdict with its journal, never a rejection, once the scenario is found.
 */
export async function runExperiment({
  document,
  experiment,
  seed,
  world,
  signal,
  onStatus,
}: RunExperiment): Promise<ExperimentResult> {
  const scenario = scenarioOf(document, experiment);
  const journal = createJournal(() => world.now());
  const startedAtMs = world.now();
  let trafficStarted = false;

  const enter = (phase: Phase, verdict: ExperimentStatus['verdict'] = null): void => {
    journal.write(verdict === null ? `phase: ${phase}` : `verdict: ${verdict}`);
    onStatus?.({
      name: experiment.name,
      phase,
      step: null,
      startedAtMs,
      expectedEndAtMs: world.now() + remainingMs(experiment, phase),
      verdict,
    });
  };

  const course: Course = {
    experiment,
    scenario,
    world,
    timeline: { steadyState: null, faults: [], changes: [], recovery: null },
    journal,
    longestRequestMs: longestRequestMs(document, scenario),
    async wait(durationMs) {
      signal.throwIfAborted();
      if (durationMs > 0) await world.wait(durationMs, signal);
    },
    observation: () => ({
      experiment,
      scenario,
      timeline: course.timeline,
      recording: trafficStarted ? world.recording() : createRecording([]),
      run: world.summary(),
      hostBusy: (range) => world.hostBusy(range),
    }),
  };

  async function runPhases(): Promise<void> {
    signal.throwIfAborted();
    enter('starting');
    await world.startTopology();
    signal.throwIfAborted();
    enter('warm-up');
    await world.startTraffic({ scenario, seed: seed ?? scenario.seed });
    trafficStarted = true;
    world.recording().keepAll();
    await course.wait(experiment.warmUpMs);
    enter('steady-state');
    if (!(await observeSteadyState(course))) return;
    enter('method');
    const proven = await runMethod(course);
    const removedAtMs = lastRemovalAtMs(course);
    if (!proven || removedAtMs === null) return;
    enter('recovery');
    await observeRecovery(course, removedAtMs);
  }

  let aborted: string | null = null;
  try {
    await runPhases();
    // Its last frames belong to the measurement: without them there is no verdict.
    await world.stopTraffic();
  } catch (error) {
    const reason = toArchipelError(error);
    if (!signal.aborted) aborted = `The engine failed in mid-run: ${reason.message} ${reason.nextStep}`;
    else aborted = signal.reason instanceof ArchipelError ? signal.reason.message : 'It was stopped before its end.';
    journal.write(`aborted: ${aborted}`);
  }
  const problems = await undo(course);
  const result = conclude(course.observation(), aborted);
  enter('done', result.verdict);
  return { ...result, reasons: [...result.reasons, ...problems], journal: journal.entries() };
}
