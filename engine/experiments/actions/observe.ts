import { mark } from '../marks.ts';
import { type Action, attemptChange, closeChange, newChange } from './define-action.ts';

/** Watches what the traffic itself does. */
export const observe: Action<'observe'> = (course, { title, durationMs }, result) => {
  const run = newChange(course, 'observe', result);
  return attemptChange(course, run, async () => {
    course.journal.write(`observing: ${title}`);
    const fromMs = course.world.now();
    result.begunAtMs = fromMs;
    mark(course);
    await course.wait(durationMs);
    await closeChange(course, run, fromMs);
  });
};
