import { mergePatch } from '../../model/merge-patch.ts';
import { type Action, attemptChange, newChange, untilTakenBack } from './define-action.ts';

/** Lays changes over the config of a node or an edge, and then puts it back as it was. */
export const edit: Action<'edit'> = (course, { target, config, durationMs }, result) => {
  const { world, journal } = course;
  const name = 'node' in target ? target.node : target.edge;
  const run = newChange(course, 'edit', result);
  return attemptChange(course, run, async () => {
    const before = world.configOf(target);
    journal.write(`changing ${name}: ${JSON.stringify(config)}`);
    await world.configure({ target, config: mergePatch(before, config) as Record<string, unknown> });
    journal.write(`${name} is changed`);
    await untilTakenBack(course, run, result, {
      what: `change ${name} back`,
      durationMs,
      async undo() {
        journal.write(`changing ${name} back`);
        await world.configure({ target, config: before });
        journal.write(`${name} is as before`);
      },
    });
  });
};
