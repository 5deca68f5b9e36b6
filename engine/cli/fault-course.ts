import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { ArchipelError } from '../model/error.ts';
import type { FaultCourse, FaultSchedule } from '../model/fault.ts';
import { parseDuration } from './arguments.ts';

export interface CourseOptions {
  at?: number;
  every?: number;
  random?: number;
  onFor?: number;
  probability?: number;
  ramp?: number;
}

/** Options that say when a fault acts, how often and how much; `faultCourse` reads them. */
export const addCourseOptions = (command: Command): Command =>
  command
    .option('--at <time>', 'acts from this time on, counted from now, e.g. 2s', parseDuration)
    .option('--every <period>', 'acts at the beginning of each period, for --on-for', parseDuration)
    .option('--random <mean-gap>', 'acts after gaps drawn from the seed, with this mean, for --on-for', parseDuration)
    .option('--on-for <time>', 'how long it acts each time, with --every or --random', parseDuration)
    .option('--ramp <time>', 'grows to its full effect in this time', parseDuration)
    .option('--probability <share>', 'of what the fault draws for, above 0 to 1', parseShare);

function parseShare(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('A share lies above 0, up to 1.');
  return share;
}

/** What a fault is given beside its parameters. Throws where the options contradict each other. */
export function faultCourse(options: CourseOptions): Partial<FaultCourse> {
  const { probability, ramp } = options;
  const schedule = scheduleOf(options);
  return {
    ...(probability !== undefined && { probability }),
    ...(schedule && { schedule }),
    ...(ramp !== undefined && { rampMs: ramp }),
  };
}

function scheduleOf({ at, every, random, onFor }: CourseOptions): FaultSchedule | null {
  const named = [at, every, random].filter((option) => option !== undefined).length;
  if (named > 1)
    throw new ArchipelError('not-found', 'A fault has one schedule.', 'Name one of --at, --every or --random.');
  const repeats = every !== undefined || random !== undefined;
  if (repeats !== (onFor !== undefined))
    throw new ArchipelError(
      'not-found',
      repeats ? 'It is not said how long the fault acts each time.' : 'There is nothing that --on-for belongs to.',
      repeats ? 'Add --on-for, e.g. --on-for 2s.' : 'Name --every or --random too. When it comes off is said by --for.',
    );
  if (at !== undefined) return { type: 'at', afterMs: at };
  if (every !== undefined) return { type: 'every', periodMs: every, onMs: onFor as number };
  return random === undefined ? null : { type: 'random', meanGapMs: random, onMs: onFor as number };
}

/** By when it acts for the first time at full effect, most likely. */
export const untilFullMs = ({ at = 0, every = 0, random = 0, ramp = 0 }: CourseOptions): number =>
  at + every + 5 * random + ramp;
