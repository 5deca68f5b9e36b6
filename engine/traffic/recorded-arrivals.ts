import type { TracedArrival } from '../model/executors/plan.ts';
import type { Message } from './messages.ts';

/** Requests as they began, in the order in which they did. */
export interface RecordedArrivals {
  arrivals: TracedArrival[];
  /** Those that came after the last one that was kept. */
  leftOut: number;
}

const MAX_RECORDED = 500_000;

export const noArrivals: RecordedArrivals = { arrivals: [], leftOut: 0 };

export function keepArrival(
  into: RecordedArrivals,
  sinceMs: number,
  route: number,
  { path, bodyBytes }: Message,
): void {
  if (into.arrivals.length < MAX_RECORDED) into.arrivals.push([sinceMs, route, path, bodyBytes]);
  else into.leftOut += 1;
}
