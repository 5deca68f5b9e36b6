import { probeNow } from '../probe-now.ts';
import type { Action } from './define-action.ts';

/** Measures a probe here, and goes on whatever it says: the verdict knows. */
export const probe: Action<'probe'> = async (course, { probe: asked, windowMs }, result) => {
  result.begunAtMs = course.world.now();
  const measured = await probeNow(course, asked, windowMs);
  course.probed.push(measured);
  course.measured(measured);
  course.journal.write(
    `probe "${asked.name}" ${measured.holds ? 'holds' : 'does not hold'}: ${measured.observed}, must be ${measured.wanted}`,
  );
  return true;
};
