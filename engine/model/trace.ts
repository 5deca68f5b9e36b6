import type { TracedArrival } from './executors/plan.ts';

/** An arrival as a trace says it. */
export interface TraceEntry {
  /** Milliseconds since the start of the trace; no smaller than that of the entry before. */
  atMs: number;
  method: string;
  /** The path as it is sent, without parameters. */
  path: string;
  bodyBytes: number;
}

export interface TraceProblem {
  /** Place of the entry. */
  index: number;
  field: 'atMs' | 'path';
  message: string;
  nextStep: string;
}

const matches = (pattern: string, path: string): boolean => {
  if (!pattern.includes('/:')) return pattern === path;
  const segments = path.split('/');
  const wanted = pattern.split('/');
  return (
    segments.length === wanted.length &&
    wanted.every((segment, index) => (segment.startsWith(':') ? segments[index] !== '' : segment === segments[index]))
  );
};

/** Finds the route of each entry, and what is wrong with the trace. Whole only without problems. */
export function traceOf(
  entries: readonly TraceEntry[],
  routes: readonly { method: string; path: string }[],
  speed = 1,
): { arrivals: TracedArrival[]; problems: TraceProblem[] } {
  const arrivals: TracedArrival[] = [];
  const problems: TraceProblem[] = [];
  let beforeMs = 0;
  entries.forEach(({ atMs, method, path, bodyBytes }, index) => {
    const route = routes.findIndex((candidate) => candidate.method === method && matches(candidate.path, path));
    if (atMs < beforeMs)
      problems.push({
        index,
        field: 'atMs',
        message: `lies before the arrival above it, at ${beforeMs} ms`,
        nextStep: 'Sort the trace by time.',
      });
    if (route < 0)
      problems.push({
        index,
        field: 'path',
        message: `"${method} ${path}" belongs to none of the routes`,
        nextStep: 'Add a route with this method and path; a segment ":name" matches any.',
      });
    beforeMs = Math.max(beforeMs, atMs);
    if (route >= 0) arrivals.push([atMs / speed, route, path, bodyBytes]);
  });
  return { arrivals, problems };
}
