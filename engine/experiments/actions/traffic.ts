import type { Course } from '../course.ts';
import { type Action, attemptChange, newChange, untilTakenBack } from './define-action.ts';

/** Stops the traffic, starts it again, or sends another scenario instead; at the end the experiment's own is sent again. */
export const traffic: Action<'traffic'> = (course, { action, scenario: wanted }, result) => {
  const { journal, world } = course;
  const run = newChange(course, 'traffic', result);
  return attemptChange(course, run, async () => {
    const before = world.sends();
    if (action === 'start' && before !== null) throw new Error(`the scenario "${before}" is being sent already`);
    if (action !== 'start' && before === null) throw new Error('nothing is being sent');
    const send = async (name: string | null): Promise<void> => {
      if (world.sends() !== null) await world.stopTraffic();
      if (name !== null) await start(course, name);
      journal.write(name === null ? 'nothing is sent' : `sending the scenario "${name}"`);
    };
    await send(action === 'stop' ? null : (wanted ?? ''));
    await untilTakenBack(course, run, result, {
      what: 'send what was sent before',
      durationMs: undefined,
      async undo() {
        // Without traffic there was nothing to measure.
        if (action === 'stop') run.window = null;
        if (world.sends() !== before) await send(before);
      },
    });
  });
};

async function start({ world, scenarios, seed }: Course, name: string): Promise<void> {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (!scenario) throw new Error(`there is no scenario "${name}"`);
  await world.startTraffic({ scenario, seed });
  world.recording().keepAll();
}
