import type { HostInfo, SweepResult, SweepStatus } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError, toArchipelError } from '../model/error.ts';
import type { Finding, Points, SweepWork } from './course.ts';
import type { SweepWorld } from './world.ts';

export interface RunSweep {
  work: SweepWork;
  document: ArchipelDocument;
  directory: string | null;
  world: SweepWorld;
  host: HostInfo;
  /** Stops the sweep: everything is undone, and what was measured is kept. An `ArchipelError` as reason says why. */
  signal: AbortSignal;
  /** Absent: nothing was measured before, and nothing is kept. */
  points?: Points;
  onStatus(status: SweepStatus): void;
}

export interface RunningSweep {
  /** What is known so far. */
  result(): SweepResult;
  done: Promise<SweepResult>;
}

const noPoints: Points = { recorded: [], keep: async () => {} };

/** Runs a sweep to its end. Whatever happens, nothing of it stays on; it always has a result, with what was measured. */
export function startSweep({
  work,
  document,
  directory,
  world,
  host,
  signal,
  points = noPoints,
  onStatus,
}: RunSweep): RunningSweep {
  const startedAtMs = world.now();
  let state: SweepResult['state'] = 'running';
  let endedAtMs: number | null = null;
  let ended: string | null = null;
  const problems: string[] = [];
  let stepsBegun = 0;
  let pointsBegun = 0;
  let step = '';
  const earlier = points.recorded.length;

  const result = (): SweepResult => {
    const finding: Finding = work.finding();
    const { name, title, scenario, seed } = work;
    return {
      ...{ name, title, document: work.document ?? document.name, scenario, seed, startedAtMs, host, state },
      durationMs: (endedAtMs ?? world.now()) - startedAtMs,
      conclusion: [ended, finding.conclusion].filter((text) => text !== null).join(' '),
      warnings: [
        ...finding.warnings,
        ...(earlier > 0
          ? [
              `It was interrupted and went on: its first ${earlier === 1 ? 'measurement is' : `${earlier} measurements are`} from an earlier start of the topology.`,
            ]
          : []),
        ...problems,
      ],
      ...finding.findings,
    };
  };

  const tell = (): void => {
    const { steps, stepMs } = work.expected();
    const stepsDone = state === 'running' ? Math.max(0, stepsBegun - 1) : stepsBegun;
    onStatus({
      type: work.finding().findings.type,
      name: work.name,
      state,
      step,
      stepsDone,
      stepsExpected: state === 'running' ? Math.max(steps, stepsBegun) : stepsBegun,
      startedAtMs,
      expectedEndAtMs: state === 'running' ? world.now() + Math.max(1, steps - stepsDone) * stepMs : world.now(),
    });
  };

  const begin = (name: string): void => {
    signal.throwIfAborted();
    step = name;
    // The start of the topology is no measurement.
    if (name !== 'start') stepsBegun += 1;
    tell();
  };

  async function point<Value>(name: string, measure: () => Promise<Value>): Promise<Value> {
    const index = pointsBegun;
    pointsBegun += 1;
    const known = points.recorded[index];
    if (known) {
      if (known.name !== name)
        throw new ArchipelError(
          'wrong-state',
          `Its measurement ${index + 1} is to be "${name}", and "${known.name}" was kept.`,
          'Another version of Archipel began it: start it anew.',
        );
      stepsBegun += 1;
      return known.value as Value;
    }
    begin(name);
    const value = await measure();
    await points.keep(index, { name, value });
    return value;
  }

  async function run(): Promise<SweepResult> {
    try {
      await work.run({
        world,
        signal,
        document,
        directory,
        step: begin,
        point,
      });
      state = work.finding().isConclusive ? 'done' : 'inconclusive';
    } catch (error) {
      const reason = toArchipelError(error);
      if (signal.aborted) {
        state = 'stopped';
        ended = signal.reason instanceof ArchipelError ? signal.reason.message : 'It was stopped before its end.';
      } else {
        state = 'inconclusive';
        ended = `It could not go on: ${reason.message} ${reason.nextStep}`;
      }
    }
    for (const [what, action] of [
      ['take all faults off', () => world.clearAllFaults()],
      ['stop the traffic', () => world.stopTraffic()],
      ['stop the topology', () => world.stopTopology()],
    ] as const)
      await action().catch((error: unknown) => {
        problems.push(`Could not ${what}: ${toArchipelError(error).message}`);
      });
    endedAtMs = world.now();
    tell();
    return result();
  }

  tell();
  return { result, done: run() };
}
