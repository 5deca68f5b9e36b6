import { undecidedIn } from '../metrics/tally.ts';
import { recoveredAt, steadyStateProblems } from './conclude.ts';
import type { Course } from './course.ts';
import { mark } from './marks.ts';
import { FRAME_LAG_MS, observationMs } from './phases.ts';

const POLL_MS = 100;

/** Observes the steady state. True when it holds, and a fault can come without touching a request of it. */
export async function observeSteadyState(course: Course): Promise<boolean> {
  const { world, journal, timeline, wait, experiment, longestRequestMs, observation, looks } = course;
  const fromMs = world.now();
  looks.start();
  mark(course);
  await wait(experiment.steadyStateMs);
  await looks.atEdge(experiment.steadyStateHypothesis.probes);
  const range = { fromMs, toMs: world.now() };
  mark(course);
  timeline.steadyState = range;

  // A fault that hit the last of these requests would make the time before it look bad.
  await wait(FRAME_LAG_MS);
  while (undecidedIn(world.recording().tally({ range })) > 0 && world.now() < range.toMs + longestRequestMs)
    await wait(POLL_MS);
  // What was written in the last moments of it is read now.
  await looks.atEdge(experiment.steadyStateHypothesis.probes);

  const problems = steadyStateProblems(observation());
  journal.write(
    problems.length === 0 ? 'the steady state holds' : `no steady state, so no fault: ${problems.join(' ')}`,
  );
  return problems.length === 0;
}

/** Observes until the steady state has held for long enough, or cannot come in time any more. */
export async function observeRecovery(course: Course, fromMs: number): Promise<void> {
  const { world, journal, timeline, wait, experiment, looks, observation } = course;
  // The newest requests are not decided yet, for as long as the slowest one took in the steady state.
  const lagMs = FRAME_LAG_MS + (timeline.steadyState ? world.recording().decisionLagMs(timeline.steadyState) : 0);
  const latestMs = fromMs + experiment.recoveryWithinMs + observationMs(experiment);
  for (;;) {
    const toMs = Math.max(fromMs, world.now() - lagMs);
    timeline.recovery = { fromMs, toMs };
    const recoveredAtMs = recoveredAt(observation());
    if (toMs >= Math.min(latestMs, (recoveredAtMs ?? latestMs) + observationMs(experiment))) {
      const after = recoveredAtMs === null ? null : Math.round(recoveredAtMs - fromMs);
      journal.write(
        after === null
          ? 'the steady state did not come back'
          : `the steady state holds again, ${after} ms after the last fault`,
      );
      break;
    }
    // A long observation is looked through less often.
    await wait(Math.max(POLL_MS, (toMs - fromMs) / 50));
  }
  await looks.stop();
}

/** Looks at the invariants once more when no request is on its way any more. */
export async function observeAtRest({ world, timeline, experiment, looks }: Course): Promise<void> {
  const { probes } = experiment.steadyStateHypothesis;
  await looks.atEdge(probes.filter(({ measure }) => measure.type === 'sql' || measure.type === 'conservation'));
  timeline.atRestMs = world.now();
}
