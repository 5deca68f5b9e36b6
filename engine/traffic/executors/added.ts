import { areaBetween, type Curve } from '../../model/curve.ts';
import type { Spike } from '../../process-kit/traffic-hooks.ts';
import type { Arrivals } from '../arrivals/arrivals.ts';
import { createCurveClock } from '../arrivals/curve-clock.ts';
import type { Draws } from '../draws.ts';
import { type Pacer, startPacer } from '../pacer.ts';
import { createRandom, streamOf } from '../random.ts';
import type { VirtualUser } from '../user.ts';
import type { Added, Ground } from './executor.ts';

/** Draws of what a spike adds are far from those of the plan, which stay as they are. */
const drawsOf = (ground: Ground, { seed }: Spike, member: number): Draws =>
  ground.drawing((0x40000000 ^ seed) + member);

/** Arrivals beside those of a rate: as many as it brings, times what the spike's factor is above 1. */
export function addArrivals(options: {
  ground: Ground;
  spike: Spike;
  ratePerSec: Curve;
  arrivals: 'poisson' | 'uniform';
  issue(draws: Draws, sinceMs: number, nowMs: number): void;
}): Added {
  const { ground, spike, ratePerSec, issue } = options;
  const random = createRandom(spike.seed, streamOf('added arrivals'));
  const isPoisson = options.arrivals === 'poisson';
  const gap = (): number => (isPoisson ? -Math.log(1 - random()) : 1);
  /** As the plan: iterations of one request draw in the order of the arrivals, from one sequence. Sessions draw for themselves. */
  const inOrder = ground.length === 1 ? drawsOf(ground, spike, 0) : null;
  let pacer: Pacer | null = null;
  let index = 0;
  let share = 0;
  /** Since the start; the share is as it is since then, or an arrival came then. */
  let fromMs = 0;
  /** Of evenly spaced ones: what still has to pass until the next one, as a part of the gap between two. */
  let left = 1;

  /** Goes on from here with the share of now. */
  function change(): void {
    // What is due comes first.
    ground.timer.poll(performance.now());
    pacer?.stop();
    pacer = null;
    const sinceMs = Math.max(fromMs, performance.now() - ground.startMs);
    left = Math.max(0, left - (share * areaBetween(ratePerSec, fromMs, sinceMs)) / 1000);
    share = Math.max(0, spike.factor - 1);
    fromMs = sinceMs;
    if (share === 0) return;
    const clock = createCurveClock(ratePerSec);
    clock.advance(areaBetween(ratePerSec, 0, sinceMs) / 1000);
    // An exponential gap has no memory: after a change it begins anew.
    const arrivals: { -readonly [Field in keyof Arrivals]: Arrivals[Field] } = {
      atMs: clock.advance((isPoisson ? gap() : left) / share),
      advance() {
        arrivals.atMs = clock.advance(gap() / share);
      },
    };
    pacer = startPacer({
      timer: ground.timer,
      arrivals,
      zeroMs: ground.startMs,
      durationMs: ground.durationMs,
      issue(dueMs, _, nowMs) {
        fromMs = dueMs;
        left = 1;
        spike.added += 1;
        issue(inOrder ?? drawsOf(ground, spike, index), dueMs, nowMs);
        index += 1;
      },
      onEnd() {},
    });
  }
  change();

  return {
    change,
    vus: () => 0,
    nextMs: () => (pacer ? Math.max(fromMs, pacer.nextMs()) : Number.POSITIVE_INFINITY),
    stop: () => pacer?.stop(),
  };
}

/** The users that spikes add to so many of a plan. */
export function createAddedUsers(
  ground: Ground,
  wanted: () => number,
): { spike(spike: Spike): Added /** The plan has another number of users. */; change(): void } {
  const all = new Set<Added>();
  return {
    spike(spike) {
      const added = addUsers(ground, spike, wanted);
      all.add(added);
      return {
        ...added,
        stop() {
          all.delete(added);
          added.stop();
        },
      };
    },
    change() {
      for (const added of all) added.change();
    },
  };
}

/** Users from now on. They leave when the spike goes, each after the iteration that it is in. */
function addUsers(ground: Ground, spike: Spike, wanted: () => number): Added {
  const working: VirtualUser[] = [];
  const leaving = new Set<VirtualUser>();
  let entered = 0;

  function leave(user: VirtualUser): void {
    user.leave();
    if (!user.gone) leaving.add(user);
    spike.users -= 1;
  }

  function change(): void {
    for (const user of leaving) if (user.gone) leaving.delete(user);
    const target = Math.round(wanted() * Math.max(0, spike.factor - 1));
    while (working.length > target) leave(working.pop() as VirtualUser);
    while (working.length < target) {
      const draws = drawsOf(ground, spike, entered);
      const user = ground.createUser(draws, () => draws, spike);
      entered += 1;
      spike.users += 1;
      working.push(user);
      const nowMs = performance.now();
      user.begin(Math.max(nowMs, ground.startMs), nowMs);
    }
  }
  change();

  return {
    change,
    vus: () => working.length + [...leaving].filter(({ gone }) => !gone).length,
    nextMs: () => Number.POSITIVE_INFINITY,
    stop() {
      for (const user of working.splice(0)) leave(user);
    },
  };
}
