import type { Plan } from '../../model/executors/plan.ts';
import type { Draws } from '../draws.ts';
import type { VirtualUser } from '../user.ts';
import { createAddedUsers } from './added.ts';
import type { Executor, Ground } from './executor.ts';

/** A number of iterations: so many for each user, or for all of them together, who then take the next in turn. */
export function startIterations(ground: Ground, plan: Extract<Plan, { type: 'iterations' }>): Executor {
  const { timer, startMs, durationMs } = ground;
  const total = plan.shared ? plan.iterations : plan.iterations * plan.vus;
  const users: VirtualUser[] = [];
  let taken = 0;
  let begun = false;
  let stopped = false;
  const added = createAddedUsers(ground, () => (begun && !stopped ? plan.vus : 0));

  /** What iteration number n does depends on n alone, not on who takes it. */
  const sharedNext = (): Draws | null => {
    if (taken === total) return null;
    taken += 1;
    return ground.drawing(taken - 1);
  };
  /** The draws of one user go on from iteration to iteration. */
  function ownNext(user: number): () => Draws | null {
    const draws = ground.drawing(user);
    let left = plan.iterations;
    return () => {
      if (left === 0) return null;
      left -= 1;
      return draws;
    };
  }

  const cancelStart = timer.schedule(startMs, () => {
    const nowMs = performance.now();
    begun = true;
    for (let index = 0; index < plan.vus; index += 1) {
      const next = plan.shared ? sharedNext : ownNext(index);
      const draws = next();
      if (!draws) break;
      const user = ground.createUser(draws, () => (stopped ? null : endWithLast(next())));
      users.push(user);
      user.begin(startMs, nowMs);
    }
    added.change();
  });
  const cancelEnd = durationMs === null ? () => {} : timer.schedule(startMs + durationMs, ground.end);

  function endWithLast(draws: Draws | null): Draws | null {
    const { started, running } = ground.planned();
    if (started === total && running === 0) ground.end();
    return draws;
  }

  return {
    vus: () => users.reduce((count, { gone }) => count + (gone ? 0 : 1), 0),
    nextMs: () => (begun ? Number.POSITIVE_INFINITY : 0),
    stop() {
      if (stopped) return;
      stopped = true;
      cancelStart();
      cancelEnd();
      ground.dropIterations(total - ground.planned().started);
      for (const user of users) if (!user.gone) user.leave();
    },
    spike: added.spike,
  };
}
