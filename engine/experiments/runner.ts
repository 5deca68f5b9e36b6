import type { ExperimentResult, ExperimentStatus } from '../api/types.ts';
import { createRecording } from '../metrics/recording.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Scenario } from '../model/scenario.ts';
import { conclude } from './conclude.ts';
import type { Course } from './course.ts';
import { createJournal } from './journal.ts';
import { createLooks } from './looks.ts';
import { lastRemovalAtMs, runMethod } from './method.ts';
import { observeAtRest, observeRecovery, observeSteadyState } from './observe.ts';
import type { Phase } from './phases.ts';
import { probesOf } from './probes-of.ts';
import { runRollbacks } from './rollback.ts';
import { createStatusBoard } from './status-board.ts';
import { type Stopped, watchStopConditions } from './stop-conditions.ts';
import { createTakeBack } from './take-back.ts';
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
  /** Hears of each entry of the journal as it is written. */
  onJournal?(entry: ExperimentResult['journal'][number]): void;
  /** Gets what makes the result of what is observed by then, as if the engine were gone at that moment. */
  onBegin?(soFar: () => ExperimentResult): void;
}

const CUT_OFF = 'It was cut off before its end.';

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

/** Stops everything that is left, in order. One failure does not keep the rest from being stopped. */
async function stopAll({ world, journal }: Course): Promise<string[]> {
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
  await attempt('take all faults off', () => world.clearAllFaults());
  await attempt('stop the traffic', () => world.stopTraffic());
  await attempt('stop the topology', () => world.stopTopology());
  return problems;
}

/**
 * Runs an experiment from the start of the topology to its verdict. Whatever happens, no fault stays on: what goes
 * wrong on the way is a verdict with its journal, never a rejection, once the scenario is found.
 */
export async function runExperiment(options: RunExperiment): Promise<ExperimentResult> {
  const { document, experiment, world, signal, onStatus, onJournal } = options;
  const scenario = scenarioOf(document, experiment);
  const seed = options.seed ?? scenario.seed;
  const journal = createJournal(() => world.now(), onJournal);
  let [isUp, trafficStarted, rolledBack] = [false, false, false];
  let stopped: Stopped | null = null;
  const problems: string[] = [];

  const enter = (phase: Phase, verdict: ExperimentStatus['verdict'] = null): void => {
    journal.write(verdict === null ? `phase: ${phase}` : `verdict: ${verdict}`);
    board.enter(phase, verdict);
  };

  /** Ends with the signal, or when a stop condition is met. */
  const ended = new AbortController();
  const follow = (): void => ended.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });

  const course: Course = {
    experiment,
    scenario,
    scenarios: document.scenarios,
    seed,
    world,
    timeline: { steadyState: null, faults: [], changes: [], recovery: null, marks: [], atRestMs: null },
    journal,
    looks: createLooks({
      probes: probesOf(experiment),
      sight: world.sight,
      wait: (durationMs, until) => world.wait(durationMs, until),
    }),
    takeBack: createTakeBack(journal),
    steps: [],
    rollbacks: [],
    probed: [],
    longestRequestMs: longestRequestMs(document, scenario),
    async wait(durationMs) {
      ended.signal.throwIfAborted();
      if (durationMs > 0) await world.wait(durationMs, ended.signal);
    },
    observation: () => ({
      experiment,
      scenario,
      timeline: course.timeline,
      recording: trafficStarted ? world.recording() : createRecording([]),
      run: world.summary(),
      looksOf: (probe) => course.looks.of(probe),
      probed: course.probed,
      steps: course.steps,
      rollbacks: course.rollbacks,
      hostBusy: (range) => world.hostBusy(range),
    }),
    tell: (step, words) => board.tell(step, words),
    measured: (probe) => board.measured(probe),
  };
  const board = createStatusBoard(course, onStatus);

  /** What the method did is taken back, then the rollbacks run. Once, whoever comes first: the plan or an abort. */
  async function rollBack(): Promise<void> {
    if (rolledBack) return;
    rolledBack = true;
    problems.push(...(await course.takeBack.all()));
    if (!isUp || experiment.rollbacks.length === 0) return;
    enter('rollback');
    problems.push(...(await runRollbacks(course, ended.signal)));
  }

  async function runPhases(): Promise<void> {
    ended.signal.throwIfAborted();
    enter('starting');
    await world.startTopology();
    isUp = true;
    ended.signal.throwIfAborted();
    enter('warm-up');
    await world.startTraffic({ scenario, seed });
    trafficStarted = true;
    world.recording().keepAll();
    await course.wait(experiment.warmUpMs);
    enter('steady-state');
    const watch = watchStopConditions(course, (met) => {
      stopped = met;
      const why = `The stop condition "${met.name}" is met: ${met.why}.`;
      ended.abort(new ArchipelError('stopped', why, 'Look at what led there, or loosen the condition.'));
    });
    try {
      await testSteadyState();
      // A condition that is met in the last moment still ends it.
      ended.signal.throwIfAborted();
    } finally {
      await watch.stop();
    }
  }

  async function testSteadyState(): Promise<void> {
    if (!(await observeSteadyState(course))) return;
    enter('method');
    const proven = await runMethod(course);
    await rollBack();
    const removedAtMs = lastRemovalAtMs(course);
    if (!proven || removedAtMs === null) return;
    ended.signal.throwIfAborted();
    enter('recovery');
    await observeRecovery(course, removedAtMs);
  }

  options.onBegin?.(() => ({
    ...conclude(course.observation(), { aborted: CUT_OFF, stoppedBy: null, problems }),
    journal: journal.entries(),
  }));

  let aborted: string | null = null;
  try {
    await runPhases();
    await course.looks.stop();
    // Its last frames belong to the measurement: without them there is no verdict.
    await world.stopTraffic();
    await observeAtRest(course);
  } catch (error) {
    const reason = toArchipelError(error);
    if (!ended.signal.aborted) aborted = `The engine failed in mid-run: ${reason.message} ${reason.nextStep}`;
    else
      aborted =
        ended.signal.reason instanceof ArchipelError ? ended.signal.reason.message : 'It was stopped before its end.';
    journal.write(`aborted: ${aborted}`);
  }
  signal.removeEventListener('abort', follow);
  await course.looks.stop();
  await rollBack();
  const left = await stopAll(course);
  const stoppedBy = (stopped as Stopped | null)?.name ?? null;
  await board.stop();
  const result = conclude(course.observation(), { aborted, stoppedBy, problems });
  enter('done', result.verdict);
  return { ...result, reasons: [...new Set([...result.reasons, ...problems, ...left])], journal: journal.entries() };
}
