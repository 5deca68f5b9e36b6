import type { DocumentError, FaultDefinition } from '../definition.ts';
import type { FaultCourse } from '../fault.ts';

/** What of a schedule, a ramp or a probability makes no sense for this fault. */
export function checkFaultCourse(
  { fault, ramps, probability: drawnFor = 'activation' }: FaultDefinition,
  { probability, schedule, rampMs }: Partial<FaultCourse>,
  path: string,
): DocumentError[] {
  const errors: DocumentError[] = [];
  if (rampMs !== undefined && !ramps)
    errors.push({
      path: `${path}.rampMs`,
      message: `"${fault}" is on or off and cannot grow`,
      nextStep: 'Leave "rampMs" out.',
    });
  if (schedule?.type === 'every' && schedule.onMs >= schedule.periodMs)
    errors.push({
      path: `${path}.schedule.onMs`,
      message: `is on for ${schedule.onMs} ms of every ${schedule.periodMs} ms, and so would never go off`,
      nextStep: 'Make "onMs" less than "periodMs", or leave the schedule out.',
    });
  if (rampMs !== undefined && ramps && schedule && schedule.type !== 'at' && rampMs >= schedule.onMs)
    errors.push({
      path: `${path}.rampMs`,
      message: `takes ${rampMs} ms of each time that the fault is on, which is ${schedule.onMs} ms: it would never have grown up`,
      nextStep: 'Make "rampMs" less than "onMs", so that there is time left with the full effect.',
    });
  const draws = schedule && schedule.type !== 'at';
  if (probability !== undefined && probability < 1 && drawnFor === 'activation' && !draws)
    errors.push({
      path: `${path}.probability`,
      message: `is drawn each time that a schedule puts "${fault}" on, and there is no such schedule`,
      nextStep: 'Add a schedule of the type "every" or "random", or leave the probability out.',
    });
  return errors;
}
