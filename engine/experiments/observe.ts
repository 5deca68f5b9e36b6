import { undecidedIn } from '../metrics/tally.ts';
import { recoveredAt, steadyStateProblems } from './conclude.ts';
import type { Course } from './course.ts';
import { observationMs } from './phases.ts';

/** Frames come every 100 ms: what was decided this long ago is told. */
const FRAME_LAG_MS = 250;
const POLL_MS = 100;

/** Observes the steady state. True when it holds, and a fault can come without touching a request of it. */
export async function observeSteadyState({
  world,
  journal,
  timeline,
  wait,
  experiment,
  longestRequestMs,
  observation,
}: Course): Promise<boolean> {
  const fromMs = world.now();
  await wait(experiment.steadyStateMs);
  const range = { fromMs, toMs: world.now() };
  timeline.steadyState = range;

  // A fault that hit the last of these requests would make the time before it look bad.
  await wait(FRAME_LAG_MS);
  while (undecidedIn(world.recording().tally({ range })) > 0 && world.now() < range.toMs + longestRequestMs)
    await wait(POLL_MS);

  const problems = steadyStateProblems(observation());
  journal.write(
    problems.length === 0 ? 'the steady state holds' : `no steady state, so no fault: ${problems.join(' ')}`,
  );
  return problems.length === 0;
}

/** Observes until the steady state has held for long enough, or cannot come in time any more. */
export async function observeRecovery(
  { world, journal, timeline, wait, experiment }: Course,
  fromMs: number,
): Promise<void> {
  // The newest requests are not decided yet, for as long as the slowest one took in the steady state.
  const lagMs = FRAME_LAG_MS + (timeline.steadyState ? world.recording().decisionLagMs(timeline.steadyState) : 0);
  const latestMs = fromMs + experiment.recoveryWithinMs + observationMs(experiment);
  for (;;) {
    const toMs = Math.max(fromMs, world.now() - lagMs);
    timeline.recovery = { fromMs, toMs };
    const recoveredAtMs = recoveredAt({ experiment, timeline, recording: world.recording() });
    if (toMs >= Math.min(latestMs, (recoveredAtMs ?? latestMs) + observationMs(experiment))) {
      const after = recoveredAtMs === null ? null : Math.round(recoveredAtMs - fromMs);
      journal.write(
        after === null
          ? 'the steady state did not come back'
          : `the steady state holds again, ${after} ms after the last fault`,
      );
      return;
    }
    // A long observation is looked through less often.
    await wait(Math.max(POLL_MS, (toMs - fromMs) / 50));
  }
}
