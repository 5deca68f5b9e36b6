import { type Action, attemptChange, newChange, untilTakenBack } from './define-action.ts';

/** Gives a node another number of replicas, and then as many as before. */
export const scale: Action<'scale'> = (course, { node, replicas, durationMs }, result) => {
  const { world, journal } = course;
  const run = newChange(course, 'scale', result);
  return attemptChange(course, run, async () => {
    journal.write(`scaling ${node} to ${replicas}`);
    const before = await world.scale({ node, replicas });
    journal.write(`${node} has ${replicas} replicas that take requests, ${before} before`);
    await untilTakenBack(course, run, result, {
      what: `scale ${node} back`,
      durationMs,
      async undo() {
        journal.write(`scaling ${node} back to ${before}`);
        await world.scale({ node, replicas: before });
        journal.write(`${node} has ${before} replicas again`);
      },
    });
  });
};
