import type { Plan } from '../../model/executors/plan.ts';
import type { Draws } from '../draws.ts';
import type { VirtualUser } from '../user.ts';
import { createAddedUsers } from './added.ts';
import type { Executor, Ground } from './executor.ts';
import { vuSteps } from './vu-steps.ts';

interface Place {
  user: VirtualUser;
  /** A user who comes back goes on drawing where the one before left off. */
  draws: Draws;
  cancelInterrupt: () => void;
}

/** Constant and ramping users: as many as the curve says, each doing one iteration after the other. */
export function startVUs(ground: Ground, plan: Extract<Plan, { type: 'vus' }>): Executor {
  const { timer, startMs, durationMs } = ground;
  const places: Place[] = [];
  const steps = vuSteps(plan.vus);
  let wanted = 0;
  /** When the number changes next. */
  let nextMs = 0;
  let stopped = false;
  const added = createAddedUsers(ground, () => (stopped ? 0 : wanted));
  let cancelStep: () => void = () => {};
  const cancelEnd = durationMs === null ? () => {} : timer.schedule(startMs + durationMs, ground.end);

  function enter(index: number, intendedMs: number, nowMs: number): void {
    const place = places[index];
    place?.cancelInterrupt();
    if (place && !place.user.gone) {
      place.user.leaving = false;
      return;
    }
    const draws = place?.draws ?? ground.drawing(index);
    const user = ground.createUser(draws, () => draws);
    places[index] = { user, draws, cancelInterrupt: () => {} };
    user.begin(intendedMs, nowMs);
  }

  function leave(place: Place, atMs: number): void {
    place.user.leave();
    if (!place.user.gone)
      place.cancelInterrupt = timer.schedule(atMs + plan.gracefulRampDownMs, () => {
        if (!place.user.gone) place.user.interrupt();
      });
  }

  function scheduleStep(): void {
    const { value: step } = steps.next();
    nextMs = step?.atMs ?? Number.POSITIVE_INFINITY;
    if (!step || (durationMs !== null && step.atMs >= durationMs)) return;
    cancelStep = timer.schedule(startMs + step.atMs, () => {
      if (stopped) return;
      const nowMs = performance.now();
      while (wanted < step.vus) {
        enter(wanted, startMs + step.atMs, nowMs);
        wanted += 1;
      }
      while (wanted > step.vus) {
        wanted -= 1;
        leave(places[wanted] as Place, startMs + step.atMs);
      }
      added.change();
      scheduleStep();
    });
  }
  scheduleStep();

  return {
    vus: () => places.reduce((count, { user }) => count + (user.gone ? 0 : 1), 0),
    nextMs: () => nextMs,
    stop() {
      stopped = true;
      cancelStep();
      cancelEnd();
      for (const place of places) {
        place.cancelInterrupt();
        if (!place.user.gone) place.user.leave();
      }
    },
    spike: added.spike,
  };
}
