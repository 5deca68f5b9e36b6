import type { FaultDefinition } from '../model/definition.ts';
import type { FaultCourse, FaultSchedule } from '../model/fault.ts';
import type { Clock } from './clock.ts';
import type { InjectedFault, InjectOptions, Injector, Measurement } from './inject.ts';
import { pause } from './pausing.ts';
import { seededRandom } from './random.ts';
import { untilAborted } from './until-aborted.ts';

/** What a fault with a schedule does now. */
export interface Activity {
  active: boolean;
  /** How often it has been put on so far. */
  activations: number;
  /** Epoch milliseconds of the next time; null while it is on, and when there is none. */
  nextAtMs: number | null;
}

export interface CourseOptions {
  course: FaultCourse;
  definition: Pick<FaultDefinition, 'probability' | 'ramps' | 'rampScale'>;
  clock: Clock;
  /** Only of a fault with a schedule; another acts as long as it is on. */
  onActivity(activity: Activity): void;
}

/** How often a ramp changes the parameters. */
const RAMP_STEP_MS = 100;

/** The injector with everything that any fault may be given: schedule, ramp, probability. */
export function withCourse<Target>(
  inject: Injector<Target, unknown>,
  { course, definition, clock, onActivity }: CourseOptions,
): Injector<Target, unknown> {
  const { probability, schedule, rampMs } = course;
  const perActivation = (definition.probability ?? 'activation') === 'activation';
  const ramped = rampMs === undefined ? inject : withRamp(inject, rampMs, definition, clock);
  const drawn: Injector<Target, unknown> = (target, parameters, options) =>
    ramped(target, parameters, { ...options, probability: perActivation ? 1 : probability });
  drawn.prepare = inject.prepare;
  if (schedule) return withSchedule(drawn, { schedule, share: perActivation ? probability : 1, clock, onActivity });
  return drawn;
}

/** Begins without effect and grows to the full one, in equal steps or by equal factors. Its effect is proven when it has grown up. */
function withRamp<Target>(
  inject: Injector<Target, unknown>,
  rampMs: number,
  { ramps = {}, rampScale = 'linear' }: Pick<FaultDefinition, 'ramps' | 'rampScale'>,
  clock: Clock,
): Injector<Target, unknown> {
  return async (target, parameters, options) => {
    const full = parameters as Record<string, unknown>;
    const between = (from: number, to: number, share: number): number =>
      rampScale === 'geometric' ? from * (to / from) ** share : from + share * (to - from);
    const grown = (share: number): Record<string, unknown> => ({
      ...full,
      ...Object.fromEntries(
        Object.entries(ramps).map(([name, none]) => [name, between(none, full[name] as number, share)]),
      ),
    });
    const injected = await inject(target, grown(0), options);
    const fromMs = clock.now();
    let problem: unknown;
    const growing = (async () => {
      for (let share = 0; share < 1 && !options.signal.aborted; ) {
        await pause(clock, Math.min(RAMP_STEP_MS, rampMs), options.signal);
        if (options.signal.aborted) return;
        share = Math.min(1, (clock.now() - fromMs) / rampMs);
        await injected.update?.(grown(share) as never);
      }
    })().catch((error: unknown) => {
      problem = error;
    });
    return {
      ...injected,
      async proveEffect() {
        await growing;
        if (problem) throw problem;
        return injected.proveEffect();
      },
    };
  };
}

/** When it is put on, counted from its beginning, and for how long; `null`: until its end. */
function* times(
  schedule: FaultSchedule,
  random: () => number,
): Generator<{ atMs: number; onMs: number | null }, void, number> {
  switch (schedule.type) {
    case 'at':
      yield { atMs: schedule.afterMs, onMs: null };
      return;
    case 'every':
      for (let number = 0; ; ) {
        const endedMs: number = yield { atMs: number * schedule.periodMs, onMs: schedule.onMs };
        // A period that passed while the fault was being put on or taken off is left out.
        number = Math.max(number + 1, Math.ceil(endedMs / schedule.periodMs));
      }
    case 'random':
      for (let endedMs = 0; ; ) {
        const gapMs = -Math.log(1 - random()) * schedule.meanGapMs;
        endedMs = yield { atMs: endedMs + gapMs, onMs: schedule.onMs };
      }
  }
}

/** Puts the fault on and takes it off as the schedule says, over and over until its end. */
function withSchedule<Target>(
  inject: Injector<Target, unknown>,
  {
    schedule,
    share,
    clock,
    onActivity,
  }: { schedule: FaultSchedule; share: number; clock: Clock; onActivity(activity: Activity): void },
): Injector<Target, unknown> {
  return async (target, parameters, options) => {
    const { signal } = options;
    const random = seededRandom(options.seed);
    const fromMs = clock.now();
    const preparing = inject.prepare?.(target, parameters);
    preparing?.catch(() => {});
    let { expiresAtMs } = options;
    let activations = 0;
    let current: InjectedFault | null = null;
    let last: InjectedFault | null = null;
    let first: Promise<Measurement> | null = null;
    let onFirst: (proof: Promise<Measurement>) => void = () => {};
    const firstProof = new Promise<Measurement>((resolve) => {
      onFirst = resolve;
    });

    const actOnce = async (onMs: number | null): Promise<void> => {
      const aborter = new AbortController();
      const end = (): void => aborter.abort();
      signal.addEventListener('abort', end, { once: true });
      try {
        const own: InjectOptions = {
          ...options,
          signal: aborter.signal,
          seed: (options.seed + activations) >>> 0,
          expiresAtMs,
          prepared: await preparing,
        };
        const injected = await inject(target, parameters, own);
        injected.undone.catch(() => {});
        current = injected;
        last = injected;
        activations += 1;
        onActivity({ active: true, activations, nextAtMs: null });
        if (!first) {
          first = injected.proveEffect();
          first.catch(() => {});
          onFirst(first);
        }
        if (onMs === null) await untilAborted(signal);
        else await pause(clock, onMs, signal);
        current = null;
        end();
        await injected.undone;
      } finally {
        current = null;
        signal.removeEventListener('abort', end);
        onActivity({ active: false, activations, nextAtMs: null });
      }
    };

    const run = async (): Promise<void> => {
      const plan = times(schedule, random);
      for (let next = plan.next(0); !next.done && !signal.aborted; next = plan.next(clock.now() - fromMs)) {
        const { atMs, onMs } = next.value;
        onActivity({ active: false, activations, nextAtMs: fromMs + atMs });
        await pause(clock, fromMs + atMs - clock.now(), signal);
        if (signal.aborted) return;
        // Drawn for each time in turn, so that what is drawn does not depend on what happened.
        if (share === 1 || random() < share) await actOnce(onMs);
        else await pause(clock, onMs ?? 0, signal);
      }
    };

    const undone = run();
    // One that cannot be put on again is over; who ends it learns why.
    undone.catch((error: unknown) => onFirst(Promise.reject(error)));
    return {
      proveEffect: () => firstProof,
      proveRemoval: () => (last ? last.proveRemoval() : Promise.resolve({ holds: false, evidence: 'it was never on' })),
      undone,
      async renew(untilMs) {
        expiresAtMs = untilMs;
        await current?.renew?.(untilMs);
      },
      parts: () => last?.parts?.() ?? [],
    };
  };
}
