import { type Action, attemptChange, newChange, untilTakenBack } from './define-action.ts';

/** Sets the position of a group back: what it has read comes again. That cannot be taken back; it ends with the method. */
export const rewind: Action<'rewind'> = (course, { node, destination, group, from }, result) => {
  const { world, journal } = course;
  const run = newChange(course, 'rewind', result);
  return attemptChange(course, run, async () => {
    const messages = await world.rewind({ node, destination, group, from });
    if (messages === 0) throw new Error(`the group "${group}" has read nothing that could come again`);
    journal.write(`${messages} messages of ${destination} come again to ${group}`);
    await untilTakenBack(course, run, result, { what: 'rewind', durationMs: undefined, undo: async () => {} });
  });
};
