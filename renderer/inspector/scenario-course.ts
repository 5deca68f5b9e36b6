import { type Course, courseOf } from '../../engine/model/executors/course.ts';
import { type Scenario, trafficSourceSchema } from '../../engine/model/scenario.ts';

/** What a scenario asks for over time, all its sources together: one line for arrivals, one for virtual users. */
export function scenarioCourses({ traffic, durationMs }: Scenario): Course[] {
  const courses = traffic.flatMap((source) => {
    // While it is being typed it may make no sense.
    const parsed = trafficSourceSchema.safeParse(source);
    const course = parsed.success && durationMs > 0 ? courseOf(parsed.data, durationMs) : null;
    return course ? [course] : [];
  });
  return (['iterations/s', 'VUs'] as const).flatMap((unit) => {
    const [first, ...others] = courses.filter((course) => course.unit === unit);
    if (!first) return [];
    const points = first.points.map(({ atMs, value }, index) => ({
      atMs,
      value: others.reduce((sum, { points: more }) => sum + (more[index]?.value ?? 0), value),
    }));
    return [{ unit, points }];
  });
}
